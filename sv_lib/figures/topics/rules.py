"""Figures on the council's own rules: quotes, social value in tenders, plans, ratings, returns."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sv_lib.analysis import compliance
from sv_lib.figures.topic import Groups, Topic, having
from sv_lib.figures.topics.firms import ANSWERS
from sv_lib.figures.trail import Trail, slugs
from sv_lib.figures.workings import Workings, within
from sv_lib.intake.tables.dictionary import KPI_RATINGS
from sv_lib.params import NOT_KNOWN
from sv_lib.toms.worded import is_blank

IN_SCOPE = {
    "asked": ("yes", "no"),
    "weight": ANSWERS,
    "plan": ("yes", "no", "none recorded"),
    "score": (*compliance.BANDS, NOT_KNOWN),
    "ranking": ANSWERS,
    "wage_clause": ANSWERS,
}
"""Rules for contracts over the threshold, with every class of answers."""
DUTY = ("rated", "due", "missing", "exempt", "not due", "regime not known")
"""How a contract over the threshold may stand under the Act's duty to rate it."""
NO_DUTY = "no law asked for ratings of contracts on the day of these data"
TIMINGS = ("on time", "late", "not received", "not due yet")
UNRECORDED = "it is recorded for no purchase"
NO_BIDS = "no bids are in the register for contracts awarded in the period"


def add_rules(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add each rule: how many cases, and how many kept it; what was not recorded is a class too.

    Returns tables ``directorates`` and ``reasons``: who buys under the quotes threshold, and why no
    quote was local.
    """
    period = workings.publication.sv
    quotes = Topic(trail, workings, period).needing("quotes")
    contracts = quotes.needing("contracts")
    returns = quotes.needing("contracts", "return_log")
    tables = _quotes(quotes)
    day = workings.publication.file.data_as_at
    rows = compliance.contracts(workings.contracts, workings.council, day)
    scope = rows[rows["in_scope"].astype(bool)]
    for rule, classes in IN_SCOPE.items():
        contracts.counts_by("compliance." + rule + ".{part}", scope, classes)
    contracts.count("compliance.ranking.told", having(scope, "ranking", "yes", "no"))
    _ratings(contracts)
    _bids(contracts)
    returns.counts_by("compliance.returns.{part}", workings.owed(period), TIMINGS)
    return tables


def _ratings(topic: Topic) -> None:
    """How contracts stand under the Act's duty, the ratings under it, and the council's own."""
    workings = topic.workings
    day = workings.publication.file.data_as_at
    rows = compliance.ratings(workings.contracts, workings.council, day)
    has_duty = day >= compliance.RATED_FROM
    is_under_act = rows["kpi"].eq("rated") & has_duty
    of_act = topic
    if not has_duty:
        of_act = replace(topic, missing=topic.missing or NO_DUTY)
    in_scope = rows[rows["kpi"] != compliance.NOT_APPLICABLE]
    of_act.counts_by("compliance.kpi.{part}", in_scope, DUTY)
    of_act.counts_by("compliance.rating.{part}", rows[is_under_act], KPI_RATINGS)
    own = rows[~is_under_act & ~is_blank(rows["kpi_rating"])]
    topic.counts_by("compliance.own_rating.{part}", own, KPI_RATINGS)


def _bids(topic: Topic) -> None:
    """Bids for contracts awarded in the period, and how many came from firms new to bidding."""
    contracts = topic.workings.contracts
    is_of_period = within(contracts["awarded_on"], topic.period)
    let = contracts[is_of_period]
    recorded = let.dropna(subset=["bids", "first_time_bids"])
    missing = NO_BIDS if recorded.empty else ""
    topic.count("compliance.bids.let", let, missing=missing)
    topic.count("compliance.bids.told", recorded, missing=missing)
    topic.total("compliance.bids.received", recorded, missing=missing)
    topic.total("compliance.bids.first_time", recorded, missing=missing)


def _quotes(topic: Topic) -> dict[str, pd.DataFrame]:
    """Purchases under the threshold: with a local quote, by directorate, and why there was none."""
    workings = topic.workings
    quotes = workings.frame("quotes")
    purchases = compliance.quotes(quotes, topic.period, workings.council)
    purchases = purchases[purchases["local_quote"] != "not applicable"]
    groups = Groups(purchases, "directorate")
    names = sorted(groups)
    parts = slugs(names)
    _local_quotes(topic.about(quotes="quotes"), purchases)
    for name, part in parts.items():
        own = topic.about(quotes="quotes." + part)
        _local_quotes(own, groups[name])
    topic.total_known("compliance.quotes.invited", purchases, silent=UNRECORDED)
    topic.total_known("compliance.quotes.received", purchases, silent=UNRECORDED)
    directorates = pd.DataFrame(parts.items(), columns=["directorate", "slug"])
    return {"directorates": directorates, "reasons": _reasons(topic, purchases)}


def _local_quotes(topic: Topic, purchases: pd.DataFrame) -> None:
    """How many purchases had a local quote."""
    topic.counts_by("compliance.{quotes}.{part}", purchases, ANSWERS)
    topic.share("compliance.{quotes}.local_share")


def _reasons(topic: Topic, purchases: pd.DataFrame) -> pd.DataFrame:
    """Why no quote was local, the most frequent reason first."""
    without = having(purchases, "local_quote", "no")
    numbers = without["why"].value_counts().sort_index()
    often = numbers.sort_values(ascending=False, kind="stable")
    reasons = slugs(map(str, often.index))
    groups = Groups(without, "why")
    for reason, part in reasons.items():
        own = topic.about(reason=reason, part=part)
        own.count("compliance.reason.{part}", groups[reason])
    return pd.DataFrame(reasons.items(), columns=["reason", "slug"])
