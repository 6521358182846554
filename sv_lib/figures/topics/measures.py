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
    ref, title = measure.ref, measure.title
    workings = this.workings
    own = replace(this, suffix="", column="quantity")
    promised = having(workings.committed(this.period), "measure_ref", ref)
    for part, column in (("committed", "quantity"), ("due", "due_quantity")):
        words = "due quantity" if part == "due" else "quantity"
        own.total_known(
            f"measure.{ref}.{part}",
            f"{title}: {part}",
            promised,
            f"{words} of every commitment under {ref}",
            column=column,
            unit=measure.unit,
        )
    for topic in (this, before):
        topic.total_known(
            f"measure.{ref}.delivered",
            f"{title}: delivered",
            having(workings.claims(topic.period), "measure_ref", ref),
            f"quantity of every claim under {ref}",
            column="quantity",
            unit=measure.unit,
        )
    this.change(f"measure.{ref}.delivered", title)
    claims = having(workings.claims(this.period), "measure_ref", ref)
    own.total_known(
        f"measure.{ref}.validated",
        f"{title}: validated",
        having(claims, "state", "validated"),
        f"quantity of every validated claim under {ref}",
        unit=measure.unit,
    )
    has_no_price = len(claims) > 0 and claims["value_pence"].isna().all()
    own.total_known(
        f"measure.{ref}.value",
        f"{title}: value delivered",
        claims,
        f"value of every priced claim under {ref}",
        column="value_pence",
        missing=NO_PRICE if has_no_price else "",
    )


def _causes_of_change(topic: Topic, before: Topic) -> pd.DataFrame:
    """Why the delivered value changed, at constant editions.

    Raises ValueError when the causes do not add up to the change.
    """
    workings = topic.workings
    rows = series.bridge(workings.claims(topic.period), workings.claims(before.period))
    for cause, words in series.CAUSES.items():
        topic.total_known(
            f"series.delivered_value.{slug(cause)}",
            f"Change in delivered value: {cause}",
            having(rows, "cause", cause),
            words,
            column="change_pence",
        )
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
    parts = {
        "committed": committed,
        "due": committed,
        "reported": to_date,
        "validated": having(to_date, "state", "validated"),
        "delivered": workings.claims(topic.period),
    }
    names = sorted(themes)
    for theme in names:
        stem = f"theme.{slug(theme)}"
        for part, rows in parts.items():
            topic.total_known(
                f"{stem}.{part}",
                f"{theme}: {part}",
                having(rows, "theme", theme),
                f"{part} under the measures of {theme}",
                column="due_value_pence" if part == "due" else "value_pence",
            )
        topic.share(
            f"{stem}.rate",
            f"{theme}: delivery of what was due",
            f"{stem}.reported",
            f"{stem}.due",
            "reported so far ÷ due so far",
        )
    return pd.DataFrame({"theme": names, "slug": [slug(theme) for theme in names]})
