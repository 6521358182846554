"""Figures on firms and rules: suppliers, fair chances, compliance, contracts coming to an end, and the forecast."""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis import compliance, forecast, local_spend, pipeline, suppliers
from sv_lib.figures.ledger import Ledger, slug
from sv_lib.figures.workings import NOT_KNOWN, Span, Workings, priced

ANSWERS = ("yes", "no", NOT_KNOWN)


def add_business(ledger: Ledger, w: Workings) -> dict[str, pd.DataFrame]:
    """Supplier, compliance, pipeline and forecast figures. Returns ``ending`` and ``without_commitments``."""
    _first_time(ledger, w)
    _ownership(ledger, w)
    _tier_two(ledger, w)
    _quotes(ledger, w)
    _rules(ledger, w)
    _forecast(ledger, w)
    return _pipeline(ledger, w)


def _counts(ledger: Ledger, stem: str, label: str, rows: pd.DataFrame, column: str, keys: tuple[str, ...], unit: str,
            span: Span, reason: str, distinct: str | None = None) -> None:  # fmt: skip
    """A count of every class of a column, and of all of them; not known where the input was not supplied."""
    for key in ("all", *keys):
        part = rows if key == "all" else rows[rows[column] == key]
        if reason:
            ledger.unknown(f"{stem}.{slug(key)}", f"{label}: {key}", unit, span.period, reason)
        else:
            ledger.count(f"{stem}.{slug(key)}", f"{label}: {key}", part, unit, span.period,
                         f"number of {unit}, {label.lower()}: {key}", distinct)  # fmt: skip


def _first_time(ledger: Ledger, w: Workings) -> None:
    """Suppliers paid for the first time ever in this period."""
    span, reason = Span("this", w.publication.spend), w.missing("payments", "suppliers")
    rows = suppliers.first_time(w.paid(span.period), w.frame("suppliers"), span.period)
    new = rows[rows["first_time"] == "yes"]
    local = new[new["geography"] == w.home] if "geography" in new else new
    for part, mine in (("suppliers.first_time", new), ("suppliers.first_time_local", local)):
        label = "Suppliers paid for the first time" + (", local" if part.endswith("local") else "")
        if reason:
            ledger.unknown(f"{part}.count", label, "suppliers", span.period, reason)
            ledger.unknown(f"{part}.paid", f"{label}: paid", "pence", span.period, reason)
        else:
            ledger.count(f"{part}.count", label, mine, "suppliers", span.period,
                         "suppliers whose first payment ever lies in the period", distinct="supplier_id")  # fmt: skip
            ledger.total(f"{part}.paid", f"{label}: paid", mine, "amount_pence", "pence", span.period,
                         "payments of the period to them")  # fmt: skip


def _ownership(ledger: Ledger, w: Workings) -> None:
    """Voluntary ownership declarations of the suppliers paid: response rate first, then those who declared."""
    span, reason = Span("this", w.publication.spend), w.missing("payments", "suppliers")
    rows = suppliers.ownership(w.frame("suppliers"), w.paid(span.period))
    keys = ("yes", "no", "prefer not to say", "not answered")
    _counts(
        ledger,
        "suppliers.ownership",
        "Minority-ethnic-led, as declared",
        rows,
        "declared",
        keys,
        "suppliers",
        span,
        reason,
    )
    if reason:
        ledger.unknown("suppliers.ownership.answered", "Suppliers that answered", "suppliers", span.period, reason)
        ledger.unknown("suppliers.ownership.paid", "Paid to them", "pence", span.period, reason)
    else:
        ledger.count("suppliers.ownership.answered", "Suppliers that answered", rows[rows["has_answered"]], "suppliers",
                     span.period, "suppliers paid that answered the question")  # fmt: skip
        ledger.total("suppliers.ownership.paid", "Paid to suppliers that declared it", rows[rows["declared"] == "yes"],
                     "paid_pence", "pence", span.period, "payments to suppliers that declared it")  # fmt: skip
        value = ledger["suppliers.ownership.yes"].value
        if value is not None and 0 < value < w.council.disclosure.protected_below:
            for part in ("yes", "no", "paid"):
                ledger.hide(f"suppliers.ownership.{part}", "hidden to protect people: too few declared it")
    ledger.ratio("suppliers.ownership.response_rate", "Response rate", "suppliers.ownership.answered",
                 "suppliers.ownership.all", "suppliers that answered ÷ suppliers paid")  # fmt: skip
    wages = w.frame("suppliers")
    paid = wages[wages["supplier_id"].isin(w.paid(span.period)["supplier_id"])]
    _counts(
        ledger,
        "suppliers.living_wage",
        "Real Living Wage employer",
        paid,
        "pays_real_living_wage",
        ANSWERS,
        "suppliers",
        span,
        reason,
    )


def _tier_two(ledger: Ledger, w: Workings) -> None:
    """Main contractors' own spend by geography, declared and evidenced apart."""
    span, reason = Span("this", w.publication.sv), w.missing("supply_chain")
    rows = local_spend.tier_two(w.frame("supply_chain"), w.frame("postcodes"), w.council)
    rows = rows[(rows["period_end"].dt.date >= span.period.start) & (rows["period_end"].dt.date <= span.period.end)]
    tiers = [*(tier.id for tier in w.council.tiers), "elsewhere", NOT_KNOWN]
    for basis in ("declared", "evidenced"):
        mine = rows[rows["basis"] == basis]
        for tier in tiers:
            figure_id, label = f"supply_chain.{slug(tier)}.{basis}", f"Supply-chain spend in {tier}, {basis}"
            if reason:
                ledger.unknown(figure_id, label, "pence", span.period, reason)
            else:
                ledger.total(figure_id, label, mine[mine["geography"] == tier], "amount_pence", "pence", span.period,
                             f"second-tier spend {basis} by main contractors")  # fmt: skip


def _quotes(ledger: Ledger, w: Workings) -> None:
    """Small purchases: how many had a local quote."""
    span, reason = Span("this", w.publication.sv), w.missing("quotes")
    rows = compliance.quotes(w.frame("quotes"), span.period, w.council)
    rows = rows[rows["local_quote"] != "not applicable"]
    _counts(ledger, "compliance.quotes", "Local quote", rows, "local_quote", ANSWERS, "purchases", span, reason)
    ledger.ratio(
        "compliance.quotes.local_share",
        "Purchases with a local quote",
        "compliance.quotes.yes",
        "compliance.quotes.all",
        "purchases with a local quote ÷ all purchases under the threshold",
    )


def _rules(ledger: Ledger, w: Workings) -> None:
    """The council's own rules on contracts over its thresholds."""
    day, span, reason = w.publication.file.data_as_at, Span("this", w.publication.sv), w.missing("contracts")
    rows = compliance.contracts(w.contracts, w.council, day)
    scope = rows[rows["in_scope"].astype(bool)]
    _counts(
        ledger,
        "compliance.weight",
        "Social value weighted as the policy asks",
        scope,
        "weight",
        ANSWERS,
        "contracts",
        span,
        reason,
    )
    _counts(
        ledger,
        "compliance.plan",
        "Plan or tracker held",
        scope,
        "plan_held",
        ("yes", "no", "none recorded"),
        "contracts",
        span,
        reason,
    )
    rated = rows[rows["rating"] != "not applicable"]
    keys = ("Good", "Approaching target", "Requires improvement", "Inadequate", "Other", "not rated")
    _counts(ledger, "compliance.kpi", "Latest rating", rated, "rating", keys, "contracts", span, reason)
    log = compliance.returns(w.frame("return_log"), span.period, day)
    timings = ("on time", "late", "not received", "not due yet")
    _counts(
        ledger,
        "compliance.returns",
        "Quarterly returns",
        log,
        "timing",
        timings,
        "returns",
        span,
        w.missing("return_log"),
    )


def _pipeline(ledger: Ledger, w: Workings) -> dict[str, pd.DataFrame]:
    """Contracts ending within twelve months, and those in scope that promise nothing."""
    day, span, reason = w.publication.file.data_as_at, Span("this", w.publication.sv), w.missing("contracts")
    ending = pipeline.ending(w.contracts, w.due(w.publication.sv), w.counted, day)
    bare = pipeline.without_commitments(w.contracts, w.frame("commitments"), w.council, day)
    for name, rows in (("ending", ending), ("without_commitments", bare)):
        if reason:
            ledger.unknown(f"pipeline.{name}.count", name.replace("_", " "), "contracts", span.period, reason)
            continue
        words = {
            "ending": "contracts that end within twelve months",
            "without_commitments": "contracts in scope without commitments",
        }
        ledger.count(
            f"pipeline.{name}.count",
            words[name].capitalize(),
            rows,
            "contracts",
            span.period,
            f"number of {words[name]}",
        )
        ledger.total(f"pipeline.{name}.value", f"{words[name].capitalize()}: value", rows, "value_pence", "pence",
                     span.period, "their values over their whole lives")  # fmt: skip
    for row in range(len(ending)):
        one = ending.iloc[row : row + 1]
        stem = f"contract.{slug(one['contract_id'].item())}"
        ledger.total(
            f"{stem}.value", "Value of one contract", one, "value_pence", "pence", span.period, "the register's value"
        )
        ledger.total(
            f"{stem}.undelivered",
            "Promised, not yet delivered",
            one,
            "undelivered_pence",
            "pence",
            span.period,
            "commitments less delivery, measure by measure, never below nil",
        )
    keep = ["contract_id", "title", "supplier_id", "last_on", "successor_id", "successor_title"]
    return {"ending": ending[keep].assign(supplier=ending["supplier_id"].map(w.supplier_names)),
            "without_commitments": bare[["contract_id", "title", "directorate", "category"]]}  # fmt: skip


def _forecast(ledger: Ledger, w: Workings) -> None:
    """Delivery to the year's end by a stated rule, with its interval, and how wrong it would have been a year ago."""
    pub = w.publication
    reason = w.missing("contracts", "commitments", "returns")
    given = (w.known, w.promises, w.frame("contracts"), w.frame("milestones"))
    made = None if reason else forecast.year_end(*given, pub.sv, pub.sv_year, pub.file.data_as_at)
    if made is None:
        reason = reason or "there is no earlier quarter to learn from"
        for part in ("central", "low", "high"):
            ledger.unknown(f"forecast.year_end.{part}", f"Year-end forecast, {part}", "pence", pub.sv_year, reason)
    else:
        caution = "a projection, not a count: what was delivered plus what is still due × the usual share delivered"
        rest = w.due(pub.sv_year)
        rest = rest[(rest["stage"] == "committed") & rest["due_value_pence"].notna()]
        ledger.total("forecast.due_by_year_end", "Due by the year's end", rest, "due_value_pence", "pence", pub.sv_year,
                     "what of every commitment falls due by the year's end")  # fmt: skip
        for part in ("central", "low", "high"):
            value = getattr(made, f"{part}_pence")
            if value is None:
                ledger.unknown(f"forecast.year_end.{part}", f"Year-end forecast, {part}", "pence", pub.sv_year,
                               "under four quarters of history, so no interval can be given")  # fmt: skip
            else:
                ledger.estimate(
                    f"forecast.year_end.{part}",
                    f"Year-end forecast, {part}",
                    value,
                    "headline.delivered_value.this",
                    "forecast.due_by_year_end",
                    f"delivered so far + still due × the {part} share delivered in earlier quarters",
                    caution,
                )
    _back_test(ledger, w, reason, given)


def _back_test(
    ledger: Ledger, w: Workings, reason: str, given: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]
) -> None:
    pub = w.publication
    test = None if reason else forecast.back_test(*given, pub.sv, pub.sv_year, pub.file.data_as_at)
    year = pub.sv_year.years_later(-1)
    if test is None:
        ledger.unknown("forecast.back_test.error", "Error of last year's forecast", "pence", year,
                       reason or "there is no earlier year to test on")  # fmt: skip
        return
    claims = priced(w.claims(year))
    ledger.total(
        "forecast.back_test.actual",
        "Delivered last year",
        claims,
        "value_pence",
        "pence",
        year,
        "value of last year's claims",
    )
    ledger.estimate(
        "forecast.back_test.central",
        "What the rule would have forecast",
        test.forecast.central_pence,
        "forecast.back_test.actual",
        "forecast.due_by_year_end",
        "the same rule, a year earlier, on what was known then",
        "a projection, not a count",
    )
    ledger.difference("forecast.back_test.error", "Error of last year's forecast", "forecast.back_test.central",
                      "forecast.back_test.actual", "forecast less what was delivered")  # fmt: skip
