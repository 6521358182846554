"""The reports' sentences: templates with slots for figures, so that no digit is ever typed.

A template of ``prose.yaml`` has one to three wordings, ``known``, ``hidden`` and ``unknown``, and
may name the figures of its slots under ``figures``, as ids which may hold slots for words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from sv_lib.figures.figure import Figure
from sv_lib.present.markup import Html, escape, figure, join, paragraph
from sv_lib.present.report import Report

SLOT = re.compile(r"\{([a-z_.-]+)\}")
WORDINGS = ("known", "hidden", "unknown")
WORDS_FIRST = re.compile(r"^(<data[^>]*>)([a-z])")
FEW = "it is hidden to protect people"
"""Why a number is hidden, in the middle of a sentence."""
Words = Mapping[str, str]
"""What fills the slots of a text: plain words, which are escaped, or ``Html``."""


@cache
def read_words(file_name: str) -> Any:
    """A YAML file of words that lies beside this module, such as ``prose.yaml``."""
    text = files("sv_lib.present").joinpath(file_name).read_text("utf-8")
    return yaml.safe_load(text)


def say(report: Report, template_id: str, **slots: str) -> Html:
    """A sentence of ``prose.yaml``, in the wording that fits: known, hidden or unknown.

    A hidden number that is told as a range reads like a known one. A slot is filled by a figure
    where its name, or what ``slots`` or the template's ``figures`` give for it, is the id of one;
    otherwise by the words given, or by ``Report.words``. A figure is signed where the slot's name
    ends in ``change``, and has no sign at all where it ends in ``_size``. Raises KeyError for a
    template, slot or figure that does not exist.
    """
    return say_as(report, read_words("prose.yaml")[template_id], **slots)


def say_as(report: Report, template: Mapping[str, Any], **slots: str) -> Html:
    """The same for a template of another file; keys that are no wording are not looked at."""
    wordings = {name: template[name] for name in WORDINGS if name in template}
    named = template.get("figures", {})
    words = report.words | slots
    for slot, figure_id in named.items():
        slots[slot] = figure_id.format_map(words)
    figures = _figures(report, wordings, slots)
    missing = [figure for figure in figures.values() if not figure.is_told]
    wording = wordings["known"]
    if missing:
        wording = _wording_without(wordings, missing[0])
    if wording != wordings["known"]:
        words["why"] = why(missing[0])
    for name, number in figures.items():
        is_size = name.endswith("_size")
        words[name] = figure(number, signed=name.endswith("change"), is_size=is_size)
    text = fill(wording, words)
    return _with_capital(text) if wording.endswith((".", "?")) else text


def _with_capital(text: Html) -> Html:
    """A sentence that begins with the words of a number: "Fewer than 5 people"."""
    return Html(WORDS_FIRST.sub(lambda begins: begins[1] + begins[2].upper(), text))


def sentence(report: Report, template_id: str, **slots: str) -> Html:
    """A sentence as a paragraph of its own."""
    return paragraph(say(report, template_id, **slots))


def fill(text: str, words: Words) -> Html:
    """A text with its slots filled. Raises KeyError for a slot without words."""
    # A split by a pattern with one group gives text, slot, text, slot ... in turn.
    pieces = SLOT.split(text)
    parts: list[str] = []
    for index, piece in enumerate(pieces):
        is_slot = index % 2 == 1
        parts.append(escape(words[piece]) if is_slot else piece)
    return join(parts)


def _figures(report: Report, wordings: Words, slots: Words) -> dict[str, Figure]:
    """The figures that fill slots, by the slot's name."""
    ids = dict(slots)
    for wording in wordings.values():
        named = [name for name in SLOT.findall(wording) if name in report]
        ids |= dict(zip(named, named, strict=True))
    found = {}
    for name, figure_id in ids.items():
        is_words = isinstance(figure_id, Html) or figure_id not in report
        if not is_words:
            found[name] = report[figure_id]
    return found


def _wording_without(wordings: Words, missing: Figure) -> str:
    """The wording for a sentence whose first missing figure is this one."""
    otherwise = wordings.get("unknown", wordings["known"])
    if missing.kind == "hidden":
        return wordings.get("hidden", otherwise)
    return otherwise


def why(missing: Figure) -> str:
    """Why a figure is not there, as the end of a sentence says it."""
    return FEW if missing.kind == "hidden" else missing.caution
