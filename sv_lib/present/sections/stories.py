"""Stories: chosen by what they are worth and by theme, each with its contract and quantity."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from sv_lib.figures.saved import PHOTOS
from sv_lib.present import cards, pieces
from sv_lib.present.markdown import story_text
from sv_lib.present.markup import Html, paragraph
from sv_lib.present.prose import say, sentence
from sv_lib.present.report import Report
from sv_lib.present.tables import records

STORIES_SHOWN = 2


@pieces.text("stories.told")
def _told(report: Report) -> Html:
    """The weightiest stories of the period, of different themes, one of them on young people.

    Young people come in where there is a story of them.
    """
    mine = _of_period(report)
    if mine.empty:
        return paragraph(say(report, "stories.none"))
    chosen = chosen_stories(report, mine)
    return cards.columns(*(one_story(report, row) for row in records(chosen)))


@pieces.text("stories.others")
def _others(report: Report) -> Html:
    """Where the stories are that are not told here."""
    if len(_of_period(report)) <= STORIES_SHOWN:
        return Html()
    return sentence(report, "stories.others")


def _of_period(report: Report) -> pd.DataFrame:
    """The stories of the period, to the day of the data."""
    known = report.frame("stories")
    day = known["on"].dt.date
    is_told = (day >= report.publication.sv.start) & (day <= report.publication.file.data_as_at)
    told: pd.DataFrame = known[is_told]
    return told


def chosen_stories(report: Report, known: pd.DataFrame) -> pd.DataFrame:
    """The stories to show, the weightiest first.

    The one worth most; then one on young people, unless the first is; then those of other themes.
    """
    themes = report.frame("measures").set_index("measure_ref")["theme"]
    weights = [_weight(report, row) for row in records(known)]
    ranked = known.assign(
        weight=pd.Series(weights, known.index, dtype="object"),
        theme=known["measure_ref"].map(themes),
    ).sort_values(["weight", "story_id"], ascending=[False, True])
    chosen: list[Any] = []
    while len(chosen) < min(STORIES_SHOWN, len(ranked)):
        left = ranked.drop(index=chosen)
        taken = ranked.loc[chosen]
        is_young = left["young_people"].eq("yes")
        if not taken.empty and is_young.any() and not taken["young_people"].eq("yes").any():
            left = left[is_young]
        elif not left["theme"].isin(taken["theme"]).all():
            left = left[~left["theme"].isin(taken["theme"])]
        chosen.append(left.index[0])
    return ranked.loc[chosen]


def _weight(report: Report, story: Any) -> Decimal:
    """What the quantity behind a story is worth at the newest price of its measure, if any."""
    prices = report.rows("proxies", "measure_ref", str(story.measure_ref))
    known = prices[prices["proxy"].notna()].sort_values("edition")
    if known.empty:
        return Decimal(0)
    return Decimal(story.quantity) * Decimal(known["proxy"].iloc[-1])


def one_story(report: Report, row: Any) -> Html:
    """One story: Markdown with raw HTML off, and a person's own words where it has them."""
    ref = str(row.measure_ref)
    units = report.frame("measures").set_index("measure_ref")["unit"]
    unit = units.get(ref, "")
    amount = f"{row.quantity:,f} {unit}"
    if unit == "GBP":
        amount = f"£{row.quantity:,f}"
    meta = say(
        report,
        "stories.meta",
        where=report.council.ward_name(str(row.ward_code)),
        contract=str(row.contract_id),
        measure=ref,
        amount=amount,
    )
    photos = report.rows(PHOTOS, "story_id", str(row.story_id))["image"]
    text = story_text(str(row.story))
    said = Html()
    if isinstance(row.quote, str) and row.quote.strip():
        by = row.quote_by if isinstance(row.quote_by, str) else "somebody who took part"
        said = say(report, "stories.said", quote=row.quote, by=by)
    return cards.story(str(row.title), text, meta, "".join(photos), str(row.photo_alt), said)
