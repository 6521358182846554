"""Figures on suppliers as firms: new ones, who owns them, what they pay, and whom they buy from."""

from __future__ import annotations

from sv_lib.analysis import local_spend, suppliers
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import NOT_KNOWN, Workings, counts_by, spans, within
from sv_lib.periods import Period

ANSWERS = ("yes", "no", NOT_KNOWN)
DECLARED = ("yes", "no", "prefer not to say", "not answered")


def add_firms(trail: Trail, w: Workings) -> None:
    """First-time suppliers, ownership declarations with their response rate, Real Living Wage, tier
    two.
    """
    period, missing = w.publication.spend, w.missing("payments", "suppliers")
    _first_time(trail, w, period, missing)
    _ownership(trail, w, period, missing)
    paid = w.frame("suppliers")
    paid = paid[paid["supplier_id"].isin(w.paid(period)["supplier_id"].unique())]
    counts_by(
        trail,
        "suppliers.living_wage",
        "Real Living Wage employer",
        paid,
        "pays_real_living_wage",
        ANSWERS,
        "suppliers",
        period,
        missing,
    )
    _tier_two(trail, w)
    _awarded(trail, w)


def _first_time(trail: Trail, w: Workings, period: Period, missing: str) -> None:
    """Suppliers paid for the first time ever in this period."""
    rows = suppliers.first_time(w.placed, w.frame("suppliers"), period)
    new = rows[rows["first_time"] == "yes"]
    for stem, where, mine in (
        ("first_time", "", new),
        ("first_time_local", ", local", new[new["geography"] == w.home]),
    ):
        label = f"Suppliers paid for the first time{where}"
        trail.count(
            f"suppliers.{stem}.count",
            label,
            mine,
            "suppliers",
            period,
            "suppliers whose first payment ever lies in the period",
            distinct="supplier_id",
            missing=missing,
        )
        trail.total(
            f"suppliers.{stem}.paid",
            f"{label}: paid",
            mine,
            "amount_pence",
            "pence",
            period,
            "payments of the period to them",
            missing=missing,
        )


def _ownership(trail: Trail, w: Workings, period: Period, missing: str) -> None:
    """Voluntary declarations of the suppliers paid: how many answered, then what they said."""
    rows = suppliers.ownership(w.frame("suppliers"), w.paid(period))
    rows = rows.assign(counts_people=True, headcount=1, measure_ref="owners: " + rows["declared"])
    counts_by(
        trail,
        "suppliers.ownership",
        "Minority-ethnic-led, as declared",
        rows,
        "declared",
        DECLARED,
        "suppliers",
        period,
        missing,
    )
    trail.count(
        "suppliers.ownership.answered",
        "Suppliers that answered",
        rows[rows["has_answered"]],
        "suppliers",
        period,
        "suppliers paid that answered the question",
        missing=missing,
    )
    trail.total(
        "suppliers.ownership.paid",
        "Paid to suppliers that declared it",
        rows[rows["declared"] == "yes"],
        "paid_pence",
        "pence",
        period,
        "payments to suppliers that declared it",
        missing=missing,
    )
    trail.ratio(
        "suppliers.ownership.response_rate",
        "Response rate",
        "suppliers.ownership.answered",
        "suppliers.ownership.all",
        "suppliers that answered ÷ suppliers paid",
    )
    # These rows are firms, not claims, so who stands behind them is said here.
    said = {answer: rows[rows["declared"] == answer] for answer in DECLARED}
    behind = {"all": rows, "answered": rows[rows["has_answered"]], "paid": said["yes"], **said}
    for name, people in behind.items():
        trail.hand_over(trail[f"suppliers.ownership.{slug(name)}"], people)


def _tier_two(trail: Trail, w: Workings) -> None:
    """Main contractors' own spend by geography and kind, declared and evidenced apart."""
    period, missing = w.publication.sv, w.missing("supply_chain")
    rows = local_spend.tier_two(w.frame("supply_chain"), w.frame("postcodes"), w.council)
    rows = rows[within(rows["period_end"], period)]
    for tier in rings(w):
        for basis in ("declared", "evidenced"):
            mine = rows[(rows["geography"] == tier) & (rows["basis"] == basis)]
            kinds = {"": mine} | {
                f".{kind}": mine[mine["kind"] == kind] for kind in ("sub-contract", "materials")
            }
            for kind, part in kinds.items():
                trail.total(
                    f"supply_chain.{slug(tier)}.{basis}{kind}",
                    f"Supply-chain spend in {tier}, {basis}{kind.replace('.', ', ')}",
                    part,
                    "amount_pence",
                    "pence",
                    period,
                    f"second-tier spend {basis} by main contractors",
                    missing=missing,
                )


def _awarded(trail: Trail, w: Workings) -> None:
    """Contracts awarded on social value principles, by where their holders are based."""
    asked = w.contracts[w.contracts["edition"].fillna("").ne("").astype("bool")]
    ring = asked["supplier_id"].map(w.based["geography"]).astype("string").fillna(NOT_KNOWN)
    for span in spans(w.publication.sv, w.publication.sv_before):
        mine = within(asked["awarded_on"], span.period)
        for tier in ("all", *rings(w)):
            part = asked[mine if tier == "all" else mine & (ring == tier)]
            trail.total(
                f"awarded.{slug(tier)}.{span.suffix}",
                f"Contracts awarded with social value: {tier}",
                part,
                "value_pence",
                "pence",
                span.period,
                "values over their whole lives of contracts awarded in "
                "the period with social value in the tender",
                missing=w.missing("contracts"),
            )


def rings(w: Workings) -> list[str]:
    """The rings of the geography, nearest first, with elsewhere and not known."""
    return [*(tier.id for tier in w.council.tiers), "elsewhere", NOT_KNOWN]
