"""Figures on the council's own rules: quotes, social value in tenders, plans, ratings, returns."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sv_lib.analysis import compliance
from sv_lib.figures.topic import Topic, having
from sv_lib.figures.topics.firms import ANSWERS
from sv_lib.figures.trail import Trail, slugs
from sv_lib.figures.workings import Workings, within
from sv_lib.intake.tables.dictionary import KPI_RATINGS
from sv_lib.params import NOT_KNOWN

IN_SCOPE = {
    "asked": ("Social value asked for in the tender", "asked", ("yes", "no")),
    "weight": ("Social value weighted as the policy asks", "weight", ANSWERS),
    "plan": ("Plan or tracker held", "plan_held", ("yes", "no", "none recorded")),
    "score": ("Winner's social value score", "score_band", (*compliance.BANDS, NOT_KNOWN)),
    "ranking": ("Social value changed who won", "ranking", ANSWERS),
    "wage_clause": ("Real Living Wage clause binds sub-contractors", "flows_down", ANSWERS),
}
"""Rules for contracts over the threshold: label, column and every class."""
RATINGS = (*KPI_RATINGS, "not rated")
TIMINGS = ("on time", "late", "not received", "not due yet")
NO_BIDS = "no bids are in the register for contracts awarded in the period"


def add_rules(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add each rule: how many cases, and how many kept it; what was not recorded is a class too.

    Returns tables ``directorates`` and ``reasons``: who buys under the quotes threshold, and why no
    quote was local.
    """
    period = workings.publication.sv
    day = workings.publication.file.data_as_at
    quotes = Topic(trail, workings, period, missing=workings.missing("quotes"))
    contracts = replace(quotes, missing=workings.missing("contracts"))
    returns = replace(quotes, missing=workings.missing("return_log"))
    tables = _quotes(quotes)
    rows = compliance.contracts(workings.contracts, workings.council, day)
    scope = rows[rows["in_scope"].astype(bool)]
    for stem, (label, column, classes) in IN_SCOPE.items():
        contracts.counts_by(f"compliance.{stem}", label, scope, column, classes, "contracts")
    rated = rows[rows["rating"] != "not applicable"]
    contracts.counts_by("compliance.kpi", "Latest rating", rated, "rating", RATINGS, "contracts")
    _bids(contracts)
    log = compliance.returns(workings.frame("return_log"), period, day)
    stem = "compliance.returns"
    returns.counts_by(stem, "Quarterly returns", log, "timing", TIMINGS, "returns")
    return tables


def _bids(topic: Topic) -> None:
    """Bids for contracts awarded in the period, and how many came from firms new to bidding."""
    contracts = topic.workings.contracts
    let = contracts[within(contracts["awarded_on"], topic.period)]
    recorded = let[let["bids"].notna() & let["first_time_bids"].notna()]
    missing = NO_BIDS if recorded.empty else ""
    for name, rows, label in (
        ("let", let, "Contracts awarded"),
        ("told", recorded, "Contracts awarded, bids recorded"),
    ):
        topic.count(
            f"compliance.bids.{name}",
            label,
            rows,
            "contracts",
            "contracts awarded in the period",
            missing=missing,
        )
    for name, column, label in (
        ("received", "bids", "Bids received"),
        ("first_time", "first_time_bids", "Bids from firms that had not bid before"),
    ):
        topic.total(
            f"compliance.bids.{name}",
            label,
            recorded,
            "bids for contracts awarded in the period, where recorded",
            column=column,
            unit="bids",
            missing=missing,
        )


def _quotes(topic: Topic) -> dict[str, pd.DataFrame]:
    """Purchases under the threshold: with a local quote, by directorate, and why there was none."""
    workings = topic.workings
    purchases = compliance.quotes(workings.frame("quotes"), topic.period, workings.council)
    purchases = purchases[purchases["local_quote"] != "not applicable"]
    names = sorted(purchases["directorate"].dropna().unique())
    places = slugs(names)
    _local_quotes(topic, "compliance.quotes", purchases)
    for name, place in places.items():
        mine = having(purchases, "directorate", name)
        _local_quotes(topic, f"compliance.quotes.{place}", mine)
    for name in ("invited", "received"):
        topic.total_known(
            f"compliance.quotes.{name}",
            f"Quotes {name}",
            purchases,
            f"quotes {name} for purchases under the threshold",
            column=f"quotes_{name}",
            unit="quotes",
        )
    directorates = {"directorate": names, "slug": list(places.values())}
    return {"directorates": pd.DataFrame(directorates), "reasons": _reasons(topic, purchases)}


def _local_quotes(topic: Topic, stem: str, purchases: pd.DataFrame) -> None:
    """How many purchases had a local quote."""
    topic.counts_by(stem, "Local quote", purchases, "local_quote", ANSWERS, "purchases")
    topic.share(
        f"{stem}.local_share",
        "Purchases with a local quote",
        f"{stem}.yes",
        f"{stem}.all",
        "purchases with a local quote ÷ all under the threshold",
    )


def _reasons(topic: Topic, purchases: pd.DataFrame) -> pd.DataFrame:
    """Why no quote was local, the most frequent reason first."""
    without = having(purchases, "local_quote", "no")
    numbers = without["why"].value_counts().sort_index()
    often = numbers.sort_values(ascending=False, kind="stable")
    reasons = slugs(str(reason) for reason in often.index)
    for reason, part in reasons.items():
        topic.count(
            f"compliance.reason.{part}",
            f"No local quote: {reason}",
            having(without, "why", reason),
            "purchases",
            "purchases without a local quote, by the reason given",
        )
    return pd.DataFrame({"reason": list(reasons), "slug": list(reasons.values())})
