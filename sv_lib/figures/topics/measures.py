"""Figures of each measure and theme, and why the delivered value changed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sv_lib.figures.topic import Topic, having
from sv_lib.figures.trail import slug
from sv_lib.toms import series
from sv_lib.toms.measures import Measure

NO_PRICE = "recorded only: it has no price, so it adds nothing to a total"


def add_measures(this: Topic, before: Topic) -> dict[str, pd.DataFrame]:
    """Add quantities and values by measure, and values by theme.

    Returns tables ``measures``, ``series`` (a measure and cause of change a line) and ``themes``.
    """
    workings = this.workings
    refs = workings.publication.measure_refs
    measures = [measure for measure in workings.measures.values() if measure.ref in refs]
    for measure in measures:
        _measure(this, before, measure)
    facts = ("ref", "title", "theme", "outcome", "unit")
    lines = [[getattr(measure, fact) for fact in facts] for measure in measures]
    return {
        "measures": pd.DataFrame(lines, columns=["measure_ref", *facts[1:]]),
        "series": _causes_of_change(replace(this, suffix=""), before),
        "themes": _themes(replace(this, suffix=""), {measure.theme for measure in measures}),
    }


def _measure(this: Topic, before: Topic, measure: Measure) -> None:
    """Quantities committed and due to date, delivered in both periods, and the value."""
    ref = measure.ref
    workings = this.workings
    this, before = (
        topic.about(ref=ref, title=measure.title, unit=measure.unit) for topic in (this, before)
    )
    own = replace(this, suffix="")
    promised = having(workings.committed(this.period), "measure_ref", ref)
    claims = workings.claims_under(this.period, (ref,))
    own.total_known("measure.{ref}.committed", promised)
    own.total_known("measure.{ref}.due", promised)
    this.total_known("measure.{ref}.delivered", claims)
    earlier = workings.claims_under(before.period, (ref,))
    before.total_known("measure.{ref}.delivered", earlier)
    this.change("measure.{ref}.delivered", measure.title)
    own.total_known("measure.{ref}.validated", having(claims, "state", "validated"))
    has_no_price = len(claims) > 0 and claims["value_pence"].isna().all()
    own.total_known("measure.{ref}.value", claims, missing=NO_PRICE if has_no_price else "")


def _causes_of_change(topic: Topic, before: Topic) -> pd.DataFrame:
    """Why the delivered value changed, at constant editions.

    Raises ValueError when the causes do not add up to the change.
    """
    workings = topic.workings
    rows = series.bridge(workings.claims(topic.period), workings.claims(before.period))
    for cause, rule in series.CAUSES.items():
        of_cause = topic.about(cause=cause, part=slug(cause), rule=rule)
        of_cause.total_known("series.delivered_value.{part}", having(rows, "cause", cause))
    change = topic.trail["headline.delivered_value.change"].value
    if change is not None and change != rows["change_pence"].sum():
        raise ValueError(
            f"the causes of the change in delivered value do not add up to {change} pence"
        )
    return series.by_measure(rows)


def _themes(topic: Topic, themes: set[str]) -> pd.DataFrame:
    """Each theme: committed and due to date, delivered and validated in the period."""
    workings = topic.workings
    committed = workings.committed(topic.period)
    to_date = workings.to_date(topic.period)
    stages = {
        "committed": committed,
        "due": committed,
        "reported": to_date,
        "validated": having(to_date, "state", "validated"),
        "delivered": workings.claims(topic.period),
    }
    names = sorted(themes)
    for theme in names:
        own = topic.about(theme=theme, part=slug(theme))
        for stage, rows in stages.items():
            own.total_known("theme.{part}." + stage, having(rows, "theme", theme))
        own.share("theme.{part}.rate")
    return pd.DataFrame({"theme": names, "slug": [slug(theme) for theme in names]})
