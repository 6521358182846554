-- Who owed a return: every contract with an edition, awarded by the day, that ran for a day or more of a quarter of three
-- months. It was due by the log, else four weeks after the quarter; it came by the log, else with the first of its claims.

create table owed_return as
with quarter as (
    select span, known_on as day, starts::date as starts, (starts + interval 3 month - interval 1 day)::date as ends
    from span cross join unnest(generate_series(sv_from, sv_to, interval 3 month)) as q(starts)
),
log as (
    select contract_id, quarter_end::date as ends, min(due_on::date) as due_on, min(received_on::date) as received_on
    from return_log group by all
),
first_claim as (
    -- A correction is no return.
    select contract_id, period_end::date as ends, min(reported_on::date) as reported_on from returns
    where corrects_claim_id is null group by all
)
select q.span, c.contract_id,
    case when l.contract_id is null then f.reported_on else l.received_on end <= q.day as has_come
from quarter q
join contracts c on c.edition is not null and c.awarded_on::date <= q.day
    and c.starts_on::date <= q.ends
    and coalesce(case when c.stopped_on::date <= q.day then c.stopped_on::date end, ends_at(c.contract_id, c.ends_on, q.day)) >= q.starts
left join log l on l.contract_id = c.contract_id and l.ends = q.ends
left join first_claim f on f.contract_id = c.contract_id and f.ends = q.ends
where coalesce(l.due_on, q.ends + 28) <= q.day;

create table contract_owing as
select span, contract_id, count(*) as due, count(*) filter (where has_come) as came from owed_return group by all;

insert into figure
select 'delivery.coverage.' || part || '.' || span, count(*)
from contract_owing
cross join (values ('in_scope'), ('reported'), ('part_reported'), ('not_reported')) as parts(part)
where part = 'in_scope' or part = case came when due then 'reported' when 0 then 'not_reported' else 'part_reported' end
group by part, span;
