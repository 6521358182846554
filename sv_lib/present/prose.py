"""The reports' sentences: templates with slots for figures, so that no digit is ever typed."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

from sv_lib.figures.figure import Figure
from sv_lib.present.markup import Html, escape, join
from sv_lib.present.report import Report

SLOT = re.compile(r"\{([a-z_.-]+)\}")


@cache
def templates() -> dict[str, dict[str, str]]:
    """Every template by id: its wording when all figures are known, and when one is not."""
    found: dict[str, dict[str, str]] = yaml.safe_load(
        files("sv_lib.present").joinpath("prose.yaml").read_text("utf-8")
    )
    return found


def say(report: Report, template_id: str, **slots: str | Html) -> Html:
    """A sentence. Its slots are ids of figures, or names for which ``slots`` gives an id or words.

    A figure is signed where its slot's name ends in ``change``. Raises KeyError for a template or
    slot that does not exist.
    """
    wordings = templates()[template_id]
    given = slots | {
        name: name
        for wording in wordings.values()
        for name in SLOT.findall(wording)
        if name in report
    }
    figures = {
        name: report[text]
        for name, text in given.items()
        if not isinstance(text, Html) and text in report
    }
    missing = [figure for figure in figures.values() if not figure.is_known]
    wording = wordings["known"]
    if missing and "unknown" in wordings:
        wording = (
            wordings["hidden"]
            if missing[0].kind == "hidden" and "hidden" in wordings
            else wordings["unknown"]
        )
        slots["why"] = missing[0].caution
    return _fill(report, wording, slots, figures)


def _fill(
    report: Report, wording: str, slots: dict[str, str | Html], figures: dict[str, Figure]
) -> Html:
    parts: list[str | Html] = []
    for index, piece in enumerate(SLOT.split(wording)):
        if index % 2 == 0:
            parts.append(piece)
        elif piece in figures:
            parts.append(report.say(figures[piece].id, signed=piece.endswith("change")))
        else:
            parts.append(escape(slots[piece]))
    return join(parts)
