-- Local people into work (NT1), each once: who started, where every claim of the contract says so; else those of the quarter
-- with most people in post. Somebody with a code who started twice is one person.
create table at_work as
select span, claim_id, c.contract_id, c.period_end, r.people_started::int as started,
    coalesce(r.people_in_post, r.headcount)::int as in_post,
    bool_and(r.people_started is not null or r.quantity::decimal(38, 6) = 0) over (partition by span, c.contract_id) as says
from span
join counted c using (span)
join returns r using (claim_id)
where c.measure_ref = 'NT1' and c.corrects_claim_id is null
    and c.period_end between sv_from and sv_to;

insert into figure
with starts as (
    select span, sum(started) as people from at_work where says group by span
),
again as (
    select span, count(*) - count(distinct person_key) as people
    from at_work
    join beneficiaries b using (claim_id)
    where says and person_key is not null and coalesce(b.people_started, b.headcount)::int = 1
    group by span
),
quarters as (
    select span, contract_id, period_end, sum(in_post) as people from at_work where not says group by all
),
most as (
    select span, contract_id, max(people) as people from quarters group by all
),
stocks as (
    select span, sum(people) as people from most group by span
)
select 'headline.residents_into_work.' || span,
    coalesce(starts.people, 0) - coalesce(again.people, 0) + coalesce(stocks.people, 0)
from span
left join starts using (span) left join again using (span) left join stocks using (span);
