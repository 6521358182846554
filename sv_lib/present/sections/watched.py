"""Better, Worse, Decide: sentences chosen by what changes are worth, and by what is lacking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from sv_lib.figures import named_ids
from sv_lib.present import formats, pieces
from sv_lib.present.ladder import next_steps, supplied
from sv_lib.present.markup import Html, bullets, join, tag
from sv_lib.present.prose import fill, say
from sv_lib.present.report import Report
from sv_lib.strict_yaml import load_as
from sv_lib.watch_list import WatchedChange, WatchedGap, WatchList

PACKAGE_LIST = Path(__file__).parents[1] / "watch_list.yaml"
NAMED = 2
"""The most changes that are named as better, and as worse."""
WHOLE = 100


class Moved(NamedTuple):
    """A change whose two figures are known: what it is worth, below nothing where it is worse."""

    worth: Fraction
    place_in_list: int
    stem: str
    verb: str
    change: WatchedChange


@pieces.text("front.better_worse_decide")
def better_worse_decide(report: Report) -> Html:
    """The three bullets of page one; Worse names the largest fall whatever the headlines did."""
    watched = report.council.watch_list or load_as(WatchList, PACKAGE_LIST)
    places = named_ids.places(report.council)
    moved = sorted(_moved(report, watched.changes, places))
    better = [one for one in reversed(moved) if one.worth > 0]
    worse = [one for one in moved if one.worth < 0]
    # Where nothing can be compared, "nothing got worse" would be no news, and read as good news.
    none_better = "front.none_better" if moved else "front.none_compared"
    none_worse = "front.none_worse" if moved else "front.none_compared"
    said = {
        "Better": _in_words(report, better, places, none_better),
        "Worse": _worse(report, worse, places, none_worse),
        "Decide": _decide(report, watched.gaps, places),
    }
    labelled = [join([tag("strong", f"{label}: "), words]) for label, words in said.items()]
    return tag("div", bullets(labelled), css_class="watched")


def _moved(
    report: Report, changes: Sequence[WatchedChange], places: Mapping[str, str]
) -> Iterator[Moved]:
    """The changes that are known. A list may name what a council does not have, such as a ring."""
    trail = report.calculation.trail
    for number, change in enumerate(changes):
        stem = change.figure.format_map(places)
        ids = [f"{stem}.{when}" for when in ("before", "this")]
        values = [trail[one].value if one in trail else None for one in ids]
        before, this = (None if value is None else Fraction(value) for value in values)
        if before and this is not None:
            gained = (this - before) / abs(before)
            verb = "rose" if gained > 0 else "fell"
            towards = 1 if change.better == "up" else -1
            yield Moved(gained * change.weight * towards, number, stem, verb, change)


def _in_words(
    report: Report, moved: Sequence[Moved], places: Mapping[str, str], otherwise: str
) -> Html:
    """The first changes in one sentence: "Weeks of training rose from 598 to 1,016; ..."."""
    said = []
    for one in moved[:NAMED]:
        what = fill(one.change.words, places)
        ids = {"earlier": f"{one.stem}.before", "later": f"{one.stem}.this"}
        said.append(say(report, "front.moved", what=what, verb=one.verb, **ids))
    if not said:
        return say(report, otherwise)
    return Html(formats.capital(join(said, "; "))) + "."


def _worse(
    report: Report, worse: Sequence[Moved], places: Mapping[str, str], otherwise: str
) -> Html:
    """The largest falls, and who is to say why."""
    said = _in_words(report, worse, places, otherwise)
    if not worse:
        return said
    return join([said, say(report, "front.to_explain", owner=worse[0].change.owner)], " ")


def _decide(report: Report, gaps: Sequence[WatchedGap], places: Mapping[str, str]) -> Html:
    """The largest gap with its owner, and where promises are furthest behind."""
    trail = report.calculation.trail
    lacking: dict[WatchedGap, Fraction] = {}
    for gap in gaps:
        figure_id = gap.figure.format_map(places)
        value = trail[figure_id].value if figure_id in trail else None
        if value is not None:
            lacking[gap] = (WHOLE - Fraction(value)) * gap.weight
    if not lacking:
        return _first_to_collect(report)
    if not any(lacking.values()):
        return say(report, "front.none_lacking")
    # Of equal gaps the first of the list is named.
    gap = max(lacking, key=lambda one: lacking[one])
    share = gap.figure.format_map(places)
    words = fill(gap.words, places)
    decide = say(report, "front.gap", share=share, what=words, owner=gap.owner)
    return join(filter(None, [decide, _furthest_behind(report)]), " ")


def _first_to_collect(report: Report) -> Html:
    """What to decide where nothing that is watched is known: what to collect first, and why."""
    steps = next_steps(supplied(report))
    if not steps:
        return say(report, "front.none_known")
    what = steps[0].name[0].lower() + steps[0].name[1:]
    return say(report, "front.first_to_collect", what=what, tells=steps[0].tells)


def _furthest_behind(report: Report) -> Html:
    """The theme that is furthest behind what was due: in pounds, and of equals by its rate."""
    themes = report.themes
    by_rate = report.lowest([f"theme.{slug}.rate" for slug in themes])
    slugs = [rate.split(".")[1] for rate in by_rate]
    behind = report.highest("theme.{}.owed", slugs)
    if not behind or report[f"theme.{behind[0]}.owed"].value == 0:
        return Html()
    stem = f"theme.{behind[0]}"
    words = {"theme": themes[behind[0]], "theme_owed": f"{stem}.owed", "theme_rate": f"{stem}.rate"}
    return say(report, "front.decision", **words)
