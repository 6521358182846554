-- Written from the words of the methods report, apart from the package, over the raw input files alone.
-- All arithmetic is on whole numbers: millionths of a quantity, ten-thousandths of a pound, pence.

create macro half_up(n, d) as case when n < 0 then -1 else 1 end * ((2 * abs(n) + d) // (2 * d));
create macro millionths(number) as (number::decimal(38, 6) * 1000000)::hugeint;
create macro pence_of(quantity, proxy, attribution) as half_up(
    quantity * (proxy::decimal(38, 4) * 10000)::hugeint * millionths(attribution), 100000000000000
)::bigint;

-- The last day of a contract as the register had it on a day: what the first later change says it was before.
create macro ends_at(contract, now_ends, on_day) as coalesce((
    select min_by("from"::date, changed_on::date) from contract_changes
    where contract_id = contract and what = 'last day' and changed_on::date > on_day
), now_ends::date);

-- A claim: the edition is its contract's; no proxy, no value. Its state is that of the day, from its dates.
create table own_claim as
with dated as (
    select span.span, r.*, p.proxy, known_on as day,
        case when r.evidenced_on::date <= known_on then r.evidenced_on::date end as evidenced,
        case when r.validated_on::date <= known_on then r.validated_on::date end as validated,
        case when r.rejected_on::date <= known_on then r.rejected_on::date end as rejected
    from span cross join returns r
    join contracts c using (contract_id)
    left join proxies p on p.measure_ref = r.measure_ref and p.edition = c.edition
)
select span, claim_id, contract_id, commitment_id, measure_ref, activity_key, corrects_claim_id,
    reported_on::date as reported_on, period_start::date as period_start, period_end::date as period_end,
    pence_of(millionths(quantity), proxy, attribution) as value_pence,
    millionths(quantity) * millionths(attribution) as attributed, evidenced, validated,
    case when rejected is not null and (validated is null or rejected >= validated) then 'rejected'
        when validated is not null then 'validated'
        when evidenced is not null then 'evidenced'
        else 'reported' end as state
from dated
where reported_on::date <= day;

-- A correction stands where its claim does. Of a claim that was validated (or evidenced), what came later takes its state
-- if together it takes something off; if it adds, it is reported, but for what was itself validated.
create table claim as
with correction as (
    select n.*, c.commitment_id as of_commitment, c.period_start as starts, c.period_end as ends, c.state as of_state,
        n.reported_on > case c.state when 'validated' then c.validated when 'evidenced' then c.evidenced end
            and not (n.state = c.state and n.attributed > 0) as is_open
    from own_claim n join own_claim c on c.span = n.span and c.claim_id = n.corrects_claim_id
),
summed as (
    select *, sum(case when is_open and state <> 'rejected' then attributed else 0 end)
        over (partition by span, corrects_claim_id) as added
    from correction
)
select span, claim_id, contract_id, commitment_id, measure_ref, activity_key, corrects_claim_id, reported_on,
    period_start, period_end, value_pence, state
from own_claim where corrects_claim_id is null
union all
select span, claim_id, contract_id, of_commitment, measure_ref, activity_key, corrects_claim_id, reported_on,
    starts, ends, value_pence,
    case when state = 'rejected' then state when is_open and added > 0 then 'reported' else of_state end
from summed;

-- Two claims of one activity are one benefit; the one received first counts. Not so for a rejected claim or a correction,
-- for local people (NT1) beside the measures of their circumstances, and for a person who goes on in another period.
create table shared as
with keyed as (
    select * from claim where activity_key is not null and state <> 'rejected' and corrects_claim_id is null
)
select distinct later.span, later.claim_id
from keyed later
join keyed first using (span, activity_key)
where (first.reported_on, first.claim_id) < (later.reported_on, later.claim_id)
    and not ('NT1' in (first.measure_ref, later.measure_ref)
        and least(first.measure_ref, later.measure_ref) || greatest(first.measure_ref, later.measure_ref)
            in ('NT1NT3', 'NT1NT4', 'NT1NT5', 'NT1NT6'))
    and not (first.measure_ref = later.measure_ref and first.contract_id = later.contract_id
        and first.measure_ref in ('NT1', 'NT3', 'NT4', 'NT5', 'NT6', 'NT9', 'NT10', 'NT12')
        and (first.period_end < later.period_start or later.period_end < first.period_start));

create table counted as
select * from claim
where state <> 'rejected'
    and (span, claim_id) not in (select (span, claim_id) from shared)
    and (corrects_claim_id is null or (span, corrects_claim_id) not in (
        select (span, claim_id) from shared union all select (span, claim_id) from claim where state = 'rejected'
    ));

create table stands as
select claim_id, value_pence, state, claim_id in (select claim_id from shared where span = 'this')
    or coalesce(corrects_claim_id, '') in (
        select claim_id from shared where span = 'this'
        union all select claim_id from claim where span = 'this' and state = 'rejected'
    ) as is_blocked
from claim where span = 'this';

insert into figure
select 'headline.' || kind || '_value.' || span, coalesce(sum(value_pence), 0)
from span
join counted using (span)
cross join (values ('delivered'), ('validated')) as kinds(kind)
where period_end between sv_from and sv_to and (kind = 'delivered' or state = 'validated')
group by kind, span;

insert into figure
select 'delivery.' || kind || '.' || span, sum(value_pence)
from span
join counted using (span)
cross join (values ('reported'), ('validated')) as kinds(kind)
where period_end <= sv_to and commitment_id is not null and (kind = 'reported' or state = 'validated')
group by kind, span;

-- A promise: what is contractual by the period's end; due by its milestones, else by a straight line over the
-- contract's days, both ends counted; nothing more falls due once a contract has stopped. What was due by the day on which
-- the last day was moved stays due, and the rest runs to the new one: so what is left is the product of what each stretch
-- leaves of it.
create table promise as
with known as (
    select span, sv_to, p.commitment_id, p.contract_id, millionths(p.quantity) as quantity, p.attribution, x.proxy,
        c.starts_on::date as starts_on, c.ends_on::date as ends_on,
        least(sv_to, case when c.stopped_on::date <= sv_to then c.stopped_on::date else sv_to end) as last_on
    from span
    cross join commitments p
    join contracts c using (contract_id)
    left join proxies x on x.measure_ref = p.measure_ref and x.edition = c.edition
    where c.awarded_on::date <= sv_to and p.committed_on::date <= sv_to
),
steps as (
    select k.span, k.commitment_id, sum(case when m.due_on::date <= k.last_on then millionths(m.quantity) else 0 end) as due
    from known k join milestones m using (commitment_id)
    group by all
),
terms as (
    select contract_id, changed_on::date as until, "from"::date as ends from contract_changes where what = 'last day'
    union all select contract_id, date '9999-12-31', ends_on::date from contracts
),
stretches as (
    select span, commitment_id, ends, least(until, last_on) as until,
        greatest(starts_on - 1, coalesce(
            lag(until) over (partition by span, commitment_id order by until), starts_on - 1
        )) as since
    from known join terms using (contract_id)
    qualify coalesce(lag(until) over (partition by span, commitment_id order by until), starts_on - 1) <= last_on
        or lag(until) over (partition by span, commitment_id order by until) is null
),
lefts as (
    select span, commitment_id,
        list_reduce(list(case when until >= ends then 0 when until <= since then 1 else ends - until end::hugeint),
            lambda a, b: a * b) as above,
        list_reduce(list(case when until >= ends or until <= since then 1 else ends - since end::hugeint),
            lambda a, b: a * b) as below
    from stretches group by all
)
select k.*, case when s.span is not null then s.due else quantity * (below - above) end as due,
    case when s.span is not null then 1 else below end as due_of
from known k left join steps s using (span, commitment_id) join lefts l using (span, commitment_id);

-- Of each promise counts the lesser of what was claimed against it and what was due of it: more of one never pays for
-- another. What was claimed beyond is a line of its own, and so is what is due and was not claimed.
create table kept as
with claimed as (
    select span, commitment_id, sum(value_pence) as claimed,
        sum(case when state = 'validated' then value_pence else 0 end) as validated
    from span join counted on period_end <= sv_to and commitment_id is not null and value_pence is not null
    group by all
)
select span, least(c.claimed, coalesce(p.pence, 0)) as claimed, least(c.validated, coalesce(p.pence, 0)) as validated
from claimed c
left join (select span, commitment_id, pence_of(due, proxy, attribution) as pence from promise) p using (span, commitment_id);

insert into figure select 'delivery.towards_due.' || span, sum(claimed) from kept group by span;
insert into figure select 'delivery.validated_towards_due.' || span, sum(validated) from kept group by span;

insert into figure
select 'delivery.committed.' || span, sum(pence_of(quantity, proxy, attribution)) from promise group by span;
insert into figure
select 'delivery.due.' || span, sum(half_up(
    due * (proxy::decimal(38, 4) * 10000)::hugeint * millionths(attribution), due_of * 100000000000000
)::bigint) from promise group by span;
