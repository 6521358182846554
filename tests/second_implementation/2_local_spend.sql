-- Each payment at its supplier's postcode. What is not in a lookup is "not known": a class of its own.

create table paid as
with located as (
    select postcode.*, replace(upper(postcode), ' ', '') as key from postcodes postcode
)
select row_number() over () as payment, span, p.supplier_id, p.contract_id, (p.amount::decimal(38, 2) * 100)::bigint as pence,
    coalesce(s.is_vcse, 'not known') as is_vcse,
    case when l.lad_code is null then 'not known'
        when l.lad_code <> (select lad_code from council) then 'outside'
        when l.ward_code in (select ward_code from ward) then l.ward_code
        else 'not known' end as ward,
    case when l.lad_code is null then 'not known' else coalesce(
        (select arg_min(tier, position) from ring where ring.code in (l.lad_code, l.region_code)), 'elsewhere'
    ) end as tier
from payments p
join span on p.paid_on::date between spend_from and spend_to and p.paid_on::date <= day
left join suppliers s using (supplier_id)
left join located l on l.key = replace(upper(s.postcode), ' ', '');

insert into figure select 'spend.total.' || span, sum(pence) from paid group by span;
insert into figure
select 'spend.geography.' || replace(tier, ' ', '-') || '.' || span, sum(pence) from paid group by tier, span;
insert into figure
select 'spend.vcse.' || replace(is_vcse, ' ', '-') || '.' || span, sum(pence) from paid group by is_vcse, span;

create macro place_id(place) as case place
    when 'borough-wide' then 'borough' when 'not known' then 'unknown' else place end;
create macro suffix(span) as case span when 'before' then '.before' else '' end;

insert into figure
select 'lens.spend.' || place_id(ward) || '.supplier' || suffix(span), sum(pence) from paid group by ward, span;

-- Where the work is done: by the shares of the contract. A part is cut to whole pence, and the pennies left over go one
-- each to the largest remainders, equal ones in the order of the places.
create table work as
with share as (
    select contract_id, place, (share::decimal(38, 9) * 1000000000)::hugeint as billionths from contract_places
),
parts as (
    select p.*, coalesce(s.place, 'not known') as place,
        abs(pence)::hugeint * coalesce(billionths, 1000000000) // 1000000000 as part,
        abs(pence)::hugeint * coalesce(billionths, 1000000000) % 1000000000 as rest
    from paid p left join share s using (contract_id)
),
ranked as (
    select *, row_number() over (partition by payment order by rest desc, place) as rank,
        abs(pence) - sum(part) over (partition by payment) as left_over
    from parts
)
select * exclude (pence, part, rest, rank, left_over),
    (sign(pence) * (part + case when rank <= left_over then 1 else 0 end))::bigint as pence
from ranked;

insert into figure
select 'lens.spend.' || place_id(place) || '.place' || suffix(span), sum(pence) from work group by place, span;

-- Borough-wide work has no ward, and what is outside or not known has none.
create table in_a_ward as
select payment, place, contract_id, pence from work where span = 'this' and place in (select ward_code from ward);

insert into figure select 'coverage.spend.ward.known', sum(pence) from in_a_ward;

insert into figure
select 'ward.' || place || '.without_largest.spend', sum(pence) - coalesce(max(largest), 0)
from in_a_ward left join (
    select place, max(paid) as largest
    from (select place, contract_id, sum(pence) as paid from in_a_ward where contract_id is not null group by all)
    where paid > 0 group by place
) using (place)
group by place;
