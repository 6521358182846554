"""Figures on the council's own rules: quotes, weighting, plans, ratings, returns on time."""

from __future__ import annotations

from sv_lib.analysis import compliance
from sv_lib.figures.firms import ANSWERS
from sv_lib.figures.ledger import Ledger
from sv_lib.figures.workings import Span, Workings, counts_by
from sv_lib.intake.tables import KPI_RATINGS

PLANS = ("yes", "no", "none recorded")
TIMINGS = ("on time", "late", "not received", "not due yet")


def add_rules(ledger: Ledger, w: Workings) -> None:
    """Each rule: how many cases, and how many kept it; what was not recorded stays a class of its own."""
    day, span = w.publication.file.data_as_at, Span("this", w.publication.sv)
    quotes = compliance.quotes(w.frame("quotes"), span.period, w.council)
    quotes = quotes[quotes["local_quote"] != "not applicable"]
    counts_by(ledger, "compliance.quotes", "Local quote", quotes, "local_quote", ANSWERS, "purchases", span,
              w.missing("quotes"))  # fmt: skip
    ledger.ratio("compliance.quotes.local_share", "Purchases with a local quote", "compliance.quotes.yes",
                 "compliance.quotes.all", "purchases with a local quote ÷ all under the threshold")  # fmt: skip
    rows, missing = compliance.contracts(w.contracts, w.council, day), w.missing("contracts")
    scope = rows[rows["in_scope"].astype(bool)]
    counts_by(ledger, "compliance.weight", "Social value weighted as the policy asks", scope, "weight", ANSWERS,
              "contracts", span, missing)  # fmt: skip
    counts_by(ledger, "compliance.plan", "Plan or tracker held", scope, "plan_held", PLANS, "contracts", span, missing)
    rated = rows[rows["rating"] != "not applicable"]
    counts_by(
        ledger,
        "compliance.kpi",
        "Latest rating",
        rated,
        "rating",
        (*KPI_RATINGS, "not rated"),
        "contracts",
        span,
        missing,
    )
    log = compliance.returns(w.frame("return_log"), span.period, day)
    counts_by(ledger, "compliance.returns", "Quarterly returns", log, "timing", TIMINGS, "returns", span,
              w.missing("return_log"))  # fmt: skip
