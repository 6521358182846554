"""Ids of figures that a council writes, in its plan, its log and its watch list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal, InvalidOperation

import pandas as pd

from sv_lib.errors import ParameterError
from sv_lib.intake.findings import Finding, finding, findings_of_unknown, nearest
from sv_lib.intake.pipeline import Inputs
from sv_lib.params import Council

NAMED_IN = ("actions", "priorities", "scrutiny")
"""Tables with a column ``figure_id``."""
THIS, BEFORE = ".this", ".before"
COUNCIL = "council.yaml"


def places(council: Council) -> dict[str, str]:
    """Words for ids and sentences of the watch list; where no ring is around, no figure has its id.

    Keys ``place``, ``home``, ``around``, ``around_name``.
    """
    home, *others = council.tiers
    around = others[0] if others else None
    return {
        "place": council.place,
        "home": home.id,
        "around": around.id if around else "none",
        "around_name": around.name if around else "none",
    }


def named(council: Council, inputs: Inputs) -> set[str]:
    """Every id that is written where the id of a figure belongs, whether there is one or not."""
    tables = [inputs.frames[name]["figure_id"].dropna() for name in NAMED_IN]
    ids = set(pd.concat(tables)) | set(_targets(inputs)["target"])
    return ids.union(*(needed for _, _, needed in _watched(council)))


def without_figure(council: Council, inputs: Inputs, figure_ids: Collection[str]) -> list[Finding]:
    """A finding for each id that no figure has. None of them stops a run.

    ``figure_ids``: the ids of every figure of the publication. Raises ParameterError where
    nothing that the council's own watch list names is there.
    """
    known = sorted(figure_ids)
    found: list[Finding] = []
    for table in NAMED_IN:
        rows = inputs.frames[table]
        found += findings_of_unknown("publication.no_figure", rows, "figure_id", known)
    found += findings_of_unknown("publication.no_target", _targets(inputs), "target", known)
    return [*found, *_not_watched(council, known)]


def _targets(inputs: Inputs) -> pd.DataFrame:
    """Actions whose target is no number, so it is to be the id of a figure."""
    actions = inputs.frames["actions"].dropna(subset=["target"])
    return actions[~actions["target"].map(_is_number).astype(bool)]


def _is_number(text: object) -> bool:
    try:
        return Decimal(str(text)).is_finite()
    except InvalidOperation:
        return False


def _watched(council: Council) -> Iterator[tuple[str, str, list[str]]]:
    """What the council's own watch list names: where, the id as it is meant, the ids it needs."""
    if council.watch_list is None:
        return
    words = places(council)
    for number, change in enumerate(council.watch_list.changes, start=1):
        stem = change.figure.format_map(words)
        yield f"watch_list, changes, entry {number}", stem, [stem + BEFORE, stem + THIS]
    for number, gap in enumerate(council.watch_list.gaps, start=1):
        figure_id = gap.figure.format_map(words)
        yield f"watch_list, gaps, entry {number}", figure_id, [figure_id]


def _not_watched(council: Council, known: Sequence[str]) -> list[Finding]:
    """Entries of the council's own watch list that name no figure."""
    stems = [one.removesuffix(THIS) for one in known if one.endswith(THIS)]
    entries = list(_watched(council))
    lost = []
    for where, meant, needed in entries:
        if not set(needed) <= set(known):
            near = nearest(meant, stems if "changes" in where else known)
            lost.append(finding("watch_list.no_figure", COUNCIL, None, where, id=meant, near=near))
    if entries and len(lost) == len(entries):
        raise ParameterError(
            COUNCIL,
            f"watch_list names no figure that there is: {', '.join(one.found for one in lost)}",
            "page one would have nothing to say under Better, Worse and Decide.",
            "use ids of figures.csv of an earlier run, those of changes without '.this', or delete "
            "watch_list: the package's own list then holds.",
        )
    return lost
