"""Figures on the council's own rules: quotes, social value in tenders, plans, clauses, ratings,
returns on time.
"""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis import compliance
from sv_lib.figures.topics.firms import ANSWERS
from sv_lib.figures.trail import Trail, slugs
from sv_lib.figures.workings import NOT_KNOWN, Workings, counts_by, within
from sv_lib.intake.tables.dictionary import KPI_RATINGS

IN_SCOPE = {
    "asked": ("Social value asked for in the tender", "asked", ("yes", "no")),
    "weight": ("Social value weighted as the policy asks", "weight", ANSWERS),
    "plan": ("Plan or tracker held", "plan_held", ("yes", "no", "none recorded")),
    "score": ("Winner's social value score", "score_band", (*compliance.BANDS, NOT_KNOWN)),
    "ranking": ("Social value changed who won", "ranking", ANSWERS),
    "wage_clause": ("Real Living Wage clause binds sub-contractors", "flows_down", ANSWERS),
}
"""Rules for contracts over the threshold: label, column and every class."""
FIRST = "Bids from firms that had not bid before"
TIMINGS = ("on time", "late", "not received", "not due yet")


def add_rules(trail: Trail, w: Workings) -> dict[str, pd.DataFrame]:
    """Each rule: how many cases, and how many kept it; what was not recorded stays a class of its
    own.

    Returns tables ``directorates`` and ``reasons``: who buys under the quotes threshold, and why no
    quote was local.
    """
    day, period = w.publication.file.data_as_at, w.publication.sv
    tables = _quotes(trail, w)
    rows, missing = compliance.contracts(w.contracts, w.council, day), w.missing("contracts")
    scope = rows[rows["in_scope"].astype(bool)]
    for stem, (label, column, classes) in IN_SCOPE.items():
        counts_by(
            trail, f"compliance.{stem}", label, scope, column, classes, "contracts", period, missing
        )
    rated = rows[rows["rating"] != "not applicable"]
    counts_by(
        trail,
        "compliance.kpi",
        "Latest rating",
        rated,
        "rating",
        (*KPI_RATINGS, "not rated"),
        "contracts",
        period,
        missing,
    )
    _bids(trail, w, missing)
    log = compliance.returns(w.frame("return_log"), period, day)
    counts_by(
        trail,
        "compliance.returns",
        "Quarterly returns",
        log,
        "timing",
        TIMINGS,
        "returns",
        period,
        w.missing("return_log"),
    )
    return tables


def _bids(trail: Trail, w: Workings, missing: str) -> None:
    """Bids for the contracts awarded in the period, and how many came from firms that had not bid
    before.
    """
    period = w.publication.sv
    let = w.contracts[within(w.contracts["awarded_on"], period)]
    told = let[let["bids"].notna() & let["first_time_bids"].notna()]
    missing = missing or (
        "" if len(told) else "no bids are in the register for contracts awarded in the period"
    )
    for name, rows, label in (
        ("let", let, "Contracts awarded"),
        ("told", told, "Contracts awarded, bids recorded"),
    ):
        trail.count(
            f"compliance.bids.{name}",
            label,
            rows,
            "contracts",
            period,
            "contracts awarded in the period",
            missing=missing,
        )
    for name, column, label in (
        ("received", "bids", "Bids received"),
        ("first_time", "first_time_bids", FIRST),
    ):
        trail.total(
            f"compliance.bids.{name}",
            label,
            told,
            column,
            "bids",
            period,
            "bids for contracts awarded in the period, where recorded",
            missing=missing,
        )


def _quotes(trail: Trail, w: Workings) -> dict[str, pd.DataFrame]:
    """Purchases under the threshold: with a local quote, by directorate, and the reasons where
    there
    was none.
    """
    period, missing = w.publication.sv, w.missing("quotes")
    quotes = compliance.quotes(w.frame("quotes"), period, w.council)
    quotes = quotes[quotes["local_quote"] != "not applicable"]
    groups = {"compliance.quotes": quotes}
    names = sorted(quotes["directorate"].dropna().unique())
    places, whys = slugs(names), quotes.loc[quotes["local_quote"] == "no", "why"]
    groups |= {
        f"compliance.quotes.{places[name]}": quotes[quotes["directorate"] == name] for name in names
    }
    for stem, rows in groups.items():
        counts_by(
            trail, stem, "Local quote", rows, "local_quote", ANSWERS, "purchases", period, missing
        )
        trail.ratio(
            f"{stem}.local_share",
            "Purchases with a local quote",
            f"{stem}.yes",
            f"{stem}.all",
            "purchases with a local quote ÷ all under the threshold",
        )
    for name, column in (("invited", "quotes_invited"), ("received", "quotes_received")):
        trail.total(
            f"compliance.quotes.{name}",
            f"Quotes {name}",
            quotes[quotes[column].notna()],
            column,
            "quotes",
            period,
            f"quotes {name} for purchases under the threshold",
            missing=missing,
        )
    often = whys.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    reasons = slugs(map(str, often.index))
    for reason, part in reasons.items():
        trail.count(
            f"compliance.reason.{part}",
            f"No local quote: {reason}",
            quotes.loc[whys.index[whys == reason]],
            "purchases",
            period,
            "purchases without a local quote, by the reason given",
        )
    return {
        "directorates": pd.DataFrame({"directorate": names, "slug": list(places.values())}),
        "reasons": pd.DataFrame({"reason": list(reasons), "slug": list(reasons.values())}),
    }
