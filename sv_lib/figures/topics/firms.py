"""Figures on suppliers as firms: new ones, who owns them, what they pay, and whom they buy from."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sv_lib.analysis import local_spend, suppliers
from sv_lib.figures.topic import Groups, Topic, both_periods, having
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import Workings, within
from sv_lib.params import NOT_KNOWN

ANSWERS = ("yes", "no", NOT_KNOWN)
NO_FIRST_TIME = "no list or earlier payment says when suppliers were first paid"
NO_ANSWER = "no supplier has answered"
KINDS = {"sub-contract": "Sub-contracts", "materials": "Materials"}
"""What main contractors buy of others."""
DECLARED = ("yes", "no", "prefer not to say", "not answered")


def add_firms(trail: Trail, workings: Workings) -> None:
    """Add first-time suppliers, ownership with its response rate, Living Wage, tier two, awards."""
    period = workings.publication.spend
    topic = Topic(trail, workings, period).needing("payments", "suppliers")
    _first_time(topic)
    _ownership(topic)
    paid = workings.paid(period)["supplier_id"].unique()
    _living_wage(topic, *paid)
    _tier_two(topic)
    for chain in both_periods(trail, workings, *workings.sv_periods, "supply_chain"):
        _tier_two_local(chain)
    awards = both_periods(trail, workings, *workings.sv_periods, "contracts")
    for awarded in awards:
        _awarded(awarded)
    for ring, name in _rings(workings).items():
        label = f"Contracts awarded with social value: {name}"
        awards[0].about(ring=slug(ring)).change("awarded.{ring}", label)


def _first_time(topic: Topic) -> None:
    """Suppliers paid for the first time ever in this period."""
    workings = topic.workings
    firms = workings.frame("suppliers")
    payments = suppliers.first_time(workings.placed, firms, topic.period)
    if (payments["first_time"] == NOT_KNOWN).all():
        topic = replace(topic, missing=topic.missing or NO_FIRST_TIME)
    new = having(payments, "first_time", "yes")
    local = having(new, "geography", workings.home)
    everywhere = topic.about(part="first_time", where="")
    everywhere.count("suppliers.{part}.count", new, distinct="supplier_id")
    everywhere.total("suppliers.{part}.paid", new)
    here = topic.about(part="first_time_local", where=", local")
    here.count("suppliers.{part}.count", local, distinct="supplier_id")
    here.total("suppliers.{part}.paid", local)


def _ownership(topic: Topic) -> None:
    """Voluntary declarations of the suppliers paid: how many answered, then what they said."""
    workings = topic.workings
    payments = workings.paid(topic.period)
    paid = suppliers.ownership(workings.frame("suppliers"), payments)
    answered = paid[paid["has_answered"]]
    declared = having(paid, "declared", "yes")
    topic.counts_by("suppliers.ownership.{part}", paid, DECLARED)
    topic.count("suppliers.ownership.answered", answered)
    silent = NO_ANSWER if answered.empty else ""
    topic.total("suppliers.ownership.paid", declared, missing=silent)
    topic.share("suppliers.ownership.response_rate")
    # These rows are firms, not claims, so the trail cannot find who stands behind them.
    by_answer = Groups(paid, "declared")
    behind = {"all": paid, "answered": answered, "paid": declared, **by_answer}
    for part, firms in behind.items():
        groups = "owners: " + firms["declared"]
        who = {"claim_id": firms["supplier_id"], "measure_ref": groups}
        owners = firms.assign(counts_people=True, people=1, **who)
        figure = topic.trail["suppliers.ownership." + slug(part)]
        topic.trail.hand_over(figure, owners)


def _living_wage(topic: Topic, *paid: str) -> None:
    """Suppliers paid, by whether they pay the Real Living Wage."""
    suppliers_listed = topic.workings.frame("suppliers")
    firms = having(suppliers_listed, "supplier_id", *paid)
    topic.counts_by("suppliers.living_wage.{part}", firms, ANSWERS)
    told = having(firms, "pays_real_living_wage", "yes", "no")
    topic.count("suppliers.living_wage.told", told)


def _tier_two(topic: Topic) -> None:
    """Main contractors' own spend by geography and kind, declared and evidenced apart."""
    workings = topic.workings
    topic = replace(topic, period=workings.publication.sv).needing("supply_chain")
    spend = _second_tier(topic)
    names = _rings(workings)
    for ring in workings.rings:
        in_ring = having(spend, "geography", ring)
        for basis in ("declared", "evidenced"):
            mine = having(in_ring, "basis", basis)
            own = topic.about(ring=slug(ring), geography=names[ring], basis=basis)
            own.total("supply_chain.{ring}.{basis}", mine)
            for kind in KINDS:
                part = own.about(kind=kind)
                part.total("supply_chain.{ring}.{basis}.{kind}", having(mine, "kind", kind))


def _second_tier(topic: Topic) -> pd.DataFrame:
    """What main contractors spent in a period with suppliers of their own, by place."""
    workings = topic.workings
    chain = workings.frame("supply_chain")
    spend = local_spend.tier_two(chain, workings.frame("postcodes"), workings.council)
    return spend[within(spend["period_end"], topic.period)]


def _tier_two_local(topic: Topic) -> None:
    """The local share of sub-contracts and of materials, declared and evidenced together."""
    home = topic.workings.home
    by_kind = Groups(_second_tier(topic), "kind")
    for kind in KINDS:
        rows = by_kind[kind]
        own = topic.about(kind=kind, words=KINDS[kind])
        own.total("tier_two.{kind}.all", rows)
        own.total("tier_two.{kind}.local", having(rows, "geography", home))
        own.total("tier_two.{kind}.not-known", having(rows, "geography", NOT_KNOWN))
        own.share("tier_two.{kind}.local_share")


def _rings(workings: Workings) -> dict[str, str]:
    """All awards, then each ring of the geography by its id, with its name."""
    names = {tier.id: tier.name for tier in workings.council.tiers}
    return {"all": "all"} | {ring: names.get(ring, ring) for ring in workings.rings}


def _awarded(topic: Topic) -> None:
    """Contracts awarded on social value principles, by where their holders are based."""
    workings = topic.workings
    contracts = workings.contracts
    is_of_period = within(contracts["awarded_on"], topic.period)
    awarded = contracts[is_of_period]
    # The edition is fixed at tender: a contract without one was let without social value.
    has_edition = awarded["edition"].fillna("").ne("")
    awarded = awarded[has_edition.astype("bool")]
    geography = awarded["supplier_id"].map(workings.based["geography"])
    rings = geography.astype("string").fillna(NOT_KNOWN)
    groups = Groups(awarded.assign(ring=rings), "ring")
    for ring, name in _rings(workings).items():
        rows = awarded if ring == "all" else groups[ring]
        own = topic.about(ring=slug(ring), geography=name)
        own.total("awarded.{ring}", rows)
        own.count("awarded.{ring}.count", rows)
        if ring != "all":
            own.share("awarded.{ring}.share")
