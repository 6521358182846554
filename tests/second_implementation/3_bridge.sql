-- Why work done in a place changed. A contract's own dates say new, ended before the later period, ended within it, and
-- let again; else a place that it has in one period only is moved, newly known or lost; all else goes on. So is a supplier
-- paid in one period outside contracts alone, in the other under running contracts alone: moved on both sides.

create table life as
select contract_id, predecessor_id, supplier_id, starts_on::date as first_day, awarded_on::date as awarded,
    least(
        ends_at(contract_id, ends_on, (select max(day) from span)),
        case when stopped_on::date <= closes then stopped_on::date end
    ) as last_day
from contracts, (select spend_to as closes from span where span = 'this')
where awarded_on::date <= (select max(day) from span);

-- A pair: the old one ended in one of the two periods or between them, the new one was let by the end of the later. All
-- that hang together are let again, and the first of them gives the line its name.
create table pair as
select old.contract_id as old_id, new.contract_id as new_id
from life old join life new on new.predecessor_id = old.contract_id
join span this on this.span = 'this' join span before on before.span = 'before'
where old.last_day between before.spend_from and this.spend_to and new.awarded <= this.spend_to
    and new.first_day > before.spend_from and new.first_day > old.first_day;

create table dated as
with seen as (
    select coalesce(contract_id, '') as contract_id,
        case when contract_id is null then coalesce(supplier_id, '') else '' end as supplier_id, place,
        bool_or(span = 'this') as is_this, bool_or(span = 'before') as is_before
    from work group by all
),
whole as (
    select contract_id, supplier_id, bool_or(is_this) as any_this, bool_or(is_before) as any_before from seen group by all
)
select s.contract_id, s.supplier_id, s.place, any_this, any_before,
    coalesce(nullif(s.supplier_id, ''), c.supplier_id) as firm, case
    when s.contract_id in (select old_id from pair union all select new_id from pair) then 're-let'
    when first_day > before.spend_to then 'new'
    when last_day < this.spend_from then 'ended'
    when last_day <= this.spend_to then 'ended within'
    when is_this <> is_before and any_this and any_before then 'moved'
    else 'continuing' end as cause
from seen s join whole using (contract_id, supplier_id) left join life using (contract_id)
left join contracts c using (contract_id)
join span this on this.span = 'this' join span before on before.span = 'before';

create table cause as
with paid as (
    select firm, bool_or(contract_id = '' and any_this) as outside_this,
        bool_or(contract_id = '' and any_before) as outside_before,
        bool_or(contract_id <> '' and any_this) as under_this, bool_or(contract_id <> '' and any_before) as under_before
    from dated where firm is not null and cause not in ('new', 'ended', 're-let') group by firm
),
crossed as (
    select firm from paid
    where outside_this and not outside_before and under_before and not under_this
        or outside_before and not outside_this and under_this and not under_before
)
select contract_id, supplier_id, place, case
    when cause not in ('new', 'ended', 're-let') and firm in (select firm from crossed) then 'moved' else cause end as cause
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
    select case n when 1 then 'borough' else place end as area, case m when 1 then 'change' else replace(cause, ' ', '-') end as part, pence
    from change cross join range(1, 3) as areas(n) cross join range(1, 3) as parts(m)
    where n = 1 or place in (select ward_code from ward)
)
group by area, part;
