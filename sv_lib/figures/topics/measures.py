"""Figures of each measure and theme, and why the claimed value changed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sv_lib.analysis import delivery
from sv_lib.figures.topic import Topic, having
from sv_lib.figures.trail import slug
from sv_lib.figures.workings import COLUMNS, priced
from sv_lib.toms import series
from sv_lib.toms.measures import Measure

CLAIMED = ("contracts", "returns", "proxies")
PROMISED = ("contracts", "commitments", "proxies")
BOTH = ("contracts", "commitments", "returns", "proxies")
"""The tables that the value of what was claimed needs, of what was promised, and of both."""
NO_PRICE = "recorded only: it has no price, so it adds nothing to a total"


def add_measures(this: Topic, before: Topic) -> dict[str, pd.DataFrame]:
    """Add quantities and values by measure, and values by theme.

    Returns tables ``measures``, ``series`` (a measure and cause of change a line) and ``themes``.
    """
    workings = this.workings
    refs = workings.publication.measure_refs
    catalogue = workings.measures.values()
    measures = [measure for measure in catalogue if measure.ref in refs]
    for measure in measures:
        _measure(this, before, measure)
    listed = pd.DataFrame([vars(measure) for measure in measures], columns=COLUMNS["measures"])
    own = replace(this, suffix="")
    series_table = _causes_of_change(own, before)
    themes = _themes(own, set(listed["theme"]))
    measures_table = listed.rename(columns={"ref": "measure_ref"})
    return {"measures": measures_table, "series": series_table, "themes": themes}


def _measure(this: Topic, before: Topic, measure: Measure) -> None:
    """Quantities committed and due to date, claimed in both periods, and the value."""
    ref = measure.ref
    workings = this.workings
    words = {"ref": ref, "title": measure.title, "unit": measure.unit}
    this = this.about(**words).needing("contracts", "returns")
    before = before.about(**words).needing("contracts", "returns")
    own = replace(this, suffix="")
    committed = workings.committed(this.period)
    promised = having(committed, "measure_ref", ref)
    claims = workings.claims_under(this.period, (ref,))
    contractual = own.needing("contracts", "commitments")
    contractual.total_known("measure.{ref}.committed", promised)
    contractual.total_known("measure.{ref}.due", promised)
    this.total_known("measure.{ref}.delivered", claims)
    earlier = workings.claims_under(before.period, (ref,))
    before.total_known("measure.{ref}.delivered", earlier)
    few = this.enough().missing or before.enough().missing
    this.change("measure.{ref}.delivered", measure.title, withheld=few)
    own.total_known("measure.{ref}.validated", having(claims, "state", "validated"))
    no_price = "" if claims.empty or len(priced(claims)) else NO_PRICE
    valued = own.needing(*CLAIMED)
    valued.total_known("measure.{ref}.value", claims, missing=no_price)


def _causes_of_change(topic: Topic, before: Topic) -> pd.DataFrame:
    """Why the claimed value changed, at constant editions.

    Raises ValueError when the causes do not add up to the change.
    """
    workings = topic.workings
    claims = workings.claims(topic.period)
    earlier = workings.claims(before.period)
    rows = series.bridge(claims, earlier)
    topic = replace(topic, missing=topic.enough().missing or before.enough().missing)
    for cause, rule in series.CAUSES.items():
        of_cause = topic.about(cause=cause, part=slug(cause), rule=rule)
        mine = having(rows, "cause", cause)
        of_cause.total_known("series.delivered_value.{part}", mine)
    change = topic.trail["headline.delivered_value.change"].value
    if change is not None and change != rows["change_pence"].sum():
        raise ValueError(
            f"the causes of the change in claimed value do not add up to {change} pence"
        )
    return series.by_measure(rows.iloc[:0] if topic.missing else rows)


def _themes(topic: Topic, themes: set[str]) -> pd.DataFrame:
    """Each theme: committed, due and claimed to date, what is owed, and claimed in the period."""
    workings = topic.workings
    committed = workings.committed(topic.period)
    to_date = workings.to_date(topic.period)
    validated = having(to_date, "state", "validated")
    towards_due = delivery.towards_due(to_date, committed)
    # A claim that names a promise of another measure counts under the theme of the promise.
    theme_of = committed.set_index("commitment_id")["theme"]
    towards_due["theme"] = towards_due["commitment_id"].map(theme_of)
    stages = {
        "committed": (committed, PROMISED),
        "due": (committed, PROMISED),
        "reported": (to_date, BOTH),
        "towards_due": (towards_due, BOTH),
        "validated": (validated, BOTH),
        "delivered": (workings.claims(topic.period), CLAIMED),
    }
    names = sorted(themes)
    slugs = [slug(theme) for theme in names]
    for theme, part in zip(names, slugs, strict=True):
        own = topic.about(theme=theme, part=part)
        for stage, (rows, needs) in stages.items():
            mine = having(rows, "theme", theme)
            own.needing(*needs).total_known("theme.{part}." + stage, mine)
        own.less("theme.{part}.owed")
        own.share("theme.{part}.rate")
    return pd.DataFrame({"theme": names, "slug": slugs})
