-- Why work done in a place changed. A contract's own dates say new and ended; else a place that it has in one period only
-- is a move, or coverage where the contract's place was or became not known; all else goes on. A supplier paid in one
-- period outside contracts alone, in the other under running contracts alone, is coverage on both sides.

create table dated as
with seen as (
    select coalesce(contract_id, '') as contract_id,
        case when contract_id is null then coalesce(supplier_id, '') else '' end as supplier_id, place,
        bool_or(span = 'this') as is_this, bool_or(span = 'before') as is_before
    from work group by all
),
whole as (
    select contract_id, supplier_id, bool_or(is_this) as any_this, bool_or(is_before) as any_before,
        bool_or(is_this and place = 'not known') as unplaced_this,
        bool_or(is_before and place = 'not known') as unplaced_before
    from seen group by all
),
dates as (
    select contract_id, starts_on::date > (select spend_to from span where span = 'before') as is_new,
        coalesce(
            case when stopped_on::date <= (select spend_to from span where span = 'this') then stopped_on::date end,
            ends_at(contract_id, ends_on, (select max(day) from span))
        ) < (select spend_from from span where span = 'this') as is_over
    from contracts where awarded_on::date <= (select max(day) from span)
)
select s.contract_id, s.supplier_id, s.place, any_this, any_before,
    coalesce(nullif(s.supplier_id, ''), c.supplier_id) as firm, case
    when is_new then 'new'
    when is_over then 'ended'
    when is_this <> is_before and any_this and any_before then
        case when unplaced_this <> unplaced_before then 'coverage' else 'moved' end
    else 'continuing' end as cause
from seen s join whole using (contract_id, supplier_id) left join dates using (contract_id)
left join contracts c using (contract_id);

create table cause as
with paid as (
    select firm, bool_or(contract_id = '' and any_this) as outside_this,
        bool_or(contract_id = '' and any_before) as outside_before,
        bool_or(contract_id <> '' and any_this) as under_this, bool_or(contract_id <> '' and any_before) as under_before
    from dated where firm is not null and cause not in ('new', 'ended') group by firm
),
crossed as (
    select firm from paid
    where outside_this and not outside_before and under_before and not under_this
        or outside_before and not outside_this and under_this and not under_before
)
select contract_id, supplier_id, place, case
    when cause not in ('new', 'ended') and firm in (select firm from crossed) then 'coverage' else cause end as cause
from dated;

create table change as
select w.place, c.cause, sum(case w.span when 'this' then pence else -pence end) as pence
from work w
join cause c on c.contract_id = coalesce(w.contract_id, '') and c.place = w.place
    and c.supplier_id = case when w.contract_id is null then coalesce(w.supplier_id, '') else '' end
group by all;

insert into figure
select 'bridge.spend.' || area || '.' || part, sum(pence)
from (
    select case n when 1 then 'borough' else place end as area, case m when 1 then 'change' else cause end as part, pence
    from change cross join range(1, 3) as areas(n) cross join range(1, 3) as parts(m)
    where n = 1 or place in (select ward_code from ward)
)
group by area, part;
