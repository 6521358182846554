"""Figures on suppliers as firms: new ones, who owns them, what they pay, and whom they buy from."""

from __future__ import annotations

from dataclasses import replace

from sv_lib.analysis import local_spend, suppliers
from sv_lib.figures.topic import Topic, both_periods, having
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import Workings, within
from sv_lib.params import NOT_KNOWN

ANSWERS = ("yes", "no", NOT_KNOWN)
DECLARED = ("yes", "no", "prefer not to say", "not answered")


def add_firms(trail: Trail, workings: Workings) -> None:
    """Add first-time suppliers, ownership with its response rate, Living Wage, tier two, awards."""
    period = workings.publication.spend
    missing = workings.missing("payments", "suppliers")
    topic = Topic(trail, workings, period, missing=missing)
    _first_time(replace(topic, column="amount_pence"))
    _ownership(topic)
    paid = workings.paid(period)["supplier_id"].unique()
    _living_wage(topic, *paid)
    _tier_two(topic)
    publication = workings.publication
    for awarded in both_periods(
        trail, workings, publication.sv, publication.sv_before, "contracts", column="value_pence"
    ):
        _awarded(awarded)


def _first_time(topic: Topic) -> None:
    """Suppliers paid for the first time ever in this period."""
    workings = topic.workings
    payments = suppliers.first_time(workings.placed, workings.frame("suppliers"), topic.period)
    new = having(payments, "first_time", "yes")
    local = having(new, "geography", workings.home)
    for part, where, rows in (("first_time", "", new), ("first_time_local", ", local", local)):
        label = f"Suppliers paid for the first time{where}"
        topic.count(
            f"suppliers.{part}.count",
            label,
            rows,
            "suppliers",
            "suppliers whose first payment ever lies in the period",
            distinct="supplier_id",
        )
        formula = "payments of the period to them"
        topic.total(f"suppliers.{part}.paid", f"{label}: paid", rows, formula)


def _ownership(topic: Topic) -> None:
    """Voluntary declarations of the suppliers paid: how many answered, then what they said."""
    workings = topic.workings
    paid = suppliers.ownership(workings.frame("suppliers"), workings.paid(topic.period))
    answered = paid[paid["has_answered"]]
    declared = having(paid, "declared", "yes")
    stem = "suppliers.ownership"
    label = "Minority-ethnic-led, as declared"
    topic.counts_by(stem, label, paid, "declared", DECLARED, "suppliers")
    topic.count(
        f"{stem}.answered",
        "Suppliers that answered",
        answered,
        "suppliers",
        "suppliers paid that answered the question",
    )
    topic.total(
        f"{stem}.paid",
        "Paid to suppliers that declared it",
        declared,
        "payments to suppliers that declared it",
        column="paid_pence",
    )
    topic.share(
        f"{stem}.response_rate",
        "Response rate",
        f"{stem}.answered",
        f"{stem}.all",
        "suppliers that answered ÷ suppliers paid",
    )
    # These rows are firms, not claims, so the trail cannot find who stands behind them.
    behind = {"all": paid, "answered": answered, "paid": declared}
    behind |= {answer: having(paid, "declared", answer) for answer in DECLARED}
    for part, firms in behind.items():
        groups = "owners: " + firms["declared"]
        owners = firms.assign(counts_people=True, headcount=1, measure_ref=groups)
        topic.trail.hand_over(topic.trail[f"{stem}.{slug(part)}"], owners)


def _living_wage(topic: Topic, *paid: str) -> None:
    """Suppliers paid, by whether they pay the Real Living Wage."""
    firms = having(topic.workings.frame("suppliers"), "supplier_id", *paid)
    stem = "suppliers.living_wage"
    label = "Real Living Wage employer"
    topic.counts_by(stem, label, firms, "pays_real_living_wage", ANSWERS, "suppliers")


def _tier_two(topic: Topic) -> None:
    """Main contractors' own spend by geography and kind, declared and evidenced apart."""
    workings = topic.workings
    period = workings.publication.sv
    missing = workings.missing("supply_chain")
    topic = replace(topic, period=period, missing=missing, column="amount_pence")
    chain = workings.frame("supply_chain")
    spend = local_spend.tier_two(chain, workings.frame("postcodes"), workings.council)
    spend = spend[within(spend["period_end"], period)]
    for ring in workings.rings:
        for basis in ("declared", "evidenced"):
            mine = having(having(spend, "geography", ring), "basis", basis)
            name = f"supply_chain.{slug(ring)}.{basis}"
            label = f"Supply-chain spend in {ring}, {basis}"
            formula = f"second-tier spend {basis} by main contractors"
            topic.total(name, label, mine, formula)
            for kind in ("sub-contract", "materials"):
                part = having(mine, "kind", kind)
                topic.total(f"{name}.{kind}", f"{label}, {kind}", part, formula)


def _awarded(topic: Topic) -> None:
    """Contracts awarded on social value principles, by where their holders are based."""
    workings = topic.workings
    contracts = workings.contracts
    asked = contracts[contracts["edition"].fillna("").ne("").astype("bool")]
    geography = asked["supplier_id"].map(workings.based["geography"])
    asked = asked.assign(ring=geography.astype("string").fillna(NOT_KNOWN))
    awarded = asked[within(asked["awarded_on"], topic.period)]
    for ring in ("all", *workings.rings):
        topic.total(
            f"awarded.{slug(ring)}",
            f"Contracts awarded with social value: {ring}",
            awarded if ring == "all" else having(awarded, "ring", ring),
            "values over their whole lives of contracts awarded in "
            "the period with social value in the tender",
        )
