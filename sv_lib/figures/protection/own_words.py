"""Sentences that a council wrote itself, searched for numbers that are hidden.

A story, an action or an answer may say in words what the figures hide. Such a sentence is left out
of the public build, with a finding that asks for other words. It never ends the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from sv_lib.figures.figure import Figure
from sv_lib.figures.protection.numbers_in_words import (
    JOBS,
    PEOPLE,
    Written,
    family,
    lexicon,
    numbers_in,
    plain,
    speaks_of,
    unit_of,
    words_of,
)
from sv_lib.figures.trail import CODE
from sv_lib.intake.findings import Finding, finding

WRITTEN_BY_THE_COUNCIL = {
    "stories": ("title", "story", "quote", "photo_alt"),
    "actions": ("action", "progress"),
    "priorities": ("priority", "next_step"),
    "scrutiny": ("question", "answer"),
}
"""Table of inputs -> the columns that pages print as they stand."""
LEFT_OUT = "[c]"
OWN_WORDS = "protection.own_words"
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
TELLING_DIGITS = 6
"""An amount of so many digits, last noughts apart, hardly stands anywhere by chance."""


@dataclass(frozen=True)
class Hidden:
    """A hidden figure and the words that name it.

    ``names``: the name before its label's colon, and codes. ``words``: those of its label that
    tell it from others. ``is_few``: so few people that the bare number tells of them.
    """

    figure: Figure
    names: Sequence[str]
    words: frozenset[str]
    is_few: bool

    @classmethod
    def of(cls, figure: Figure, people_below: int) -> Hidden:
        """A hidden figure as sentences may name it."""
        head = words_of(plain(figure.label.partition(":")[0]))
        codes = [part for part in figure.id.split(".") if CODE.fullmatch(part)]
        names = [head, *(words_of(plain(code)) for code in codes)]
        is_few = figure.unit == PEOPLE and Fraction(figure.value or 0) < people_below
        return cls(figure, names, _telling(words_of(plain(figure.label))), is_few)

    def is_told(self, number: Written, around: str) -> bool:
        """Whether a number with these words around it tells this figure."""
        if not number.may_be(self.figure):
            return False
        is_named = any(name in around for name in self.names)
        if is_named or number.telling_digits >= TELLING_DIGITS:
            return True
        words = around.split()
        spoken = speaks_of(words) | {number.counts}
        counted = {number.counts} if number.counts else spoken
        if family(self.figure.unit) not in map(family, counted):
            return False
        # Borough-wide figures have no word of their own, so any talk of jobs may be of them.
        is_of_any_job = not self.words and JOBS in spoken
        return self.is_few or is_of_any_job or not self.words.isdisjoint(words)


def _telling(label: str) -> frozenset[str]:
    """The words of a label that tell its figure from others."""
    usual = lexicon().common | lexicon().ends | lexicon().hiring | set(lexicon().months)
    words = (word for word in label.split() if word not in usual and not word.isdigit())
    return frozenset(word for word in words if not unit_of(word))


class HiddenNumbers:
    """What a sentence may not tell: hidden figures, and names and numbers of the exempt build."""

    def __init__(
        self, figures: Iterable[Figure], words: Iterable[str], people_below: int = 0
    ) -> None:
        known = (figure for figure in figures if figure.value is not None)
        self._hidden = [Hidden.of(figure, people_below) for figure in known]
        self._words = sorted(words)
        # In capitals or not; but Hope alone is also a word.
        names = (words_of(plain(word)) for word in self._words)
        self._names = [name for name in names if len(name.split()) > 1 or CODE.search(name.upper())]

    def told_by(self, sentence: str, row: str = "") -> str | None:
        """The id of the figure, or the kind of name, that a sentence tells; None if it is safe.

        ``row``: all that is written in the row, which says what a number counts that stands bare.
        """
        seen = plain(sentence)
        words = words_of(seen)
        is_name = any(name in words for name in self._names)
        if is_name or any(word in sentence for word in self._words):
            return "a name or a claim that is not public"
        for number in numbers_in(seen):
            around = words + words_of(plain(row)) if number.is_bare else words
            for hidden in self._hidden:
                if hidden.is_told(number, around):
                    return hidden.figure.id
        return None


def leave_out(
    table: str, rows: pd.DataFrame, hidden: HiddenNumbers
) -> tuple[pd.DataFrame, list[Finding]]:
    """A table without the sentences that tell a hidden number, and a finding for each of them."""
    found: list[Finding] = []
    written = list(WRITTEN_BY_THE_COUNCIL[table])
    whole = [" ".join(one) for one in rows[written].fillna("").itertuples(index=False)]
    columns = {}
    for column in written:
        cells = []
        places = zip(rows[column], whole, rows["source_file"], rows["source_row"], strict=True)
        for text, row_text, file, row in places:
            kept, told = _without_told(text, row_text, hidden)
            cells.append(kept)
            found += [finding(OWN_WORDS, file, row, column, what=what) for what in told]
        columns[column] = pd.Series(cells, rows.index, dtype=rows[column].dtype)
    return rows.assign(**columns), found


def _without_told(text: object, row: str, hidden: HiddenNumbers) -> tuple[object, list[str]]:
    """A cell with each telling sentence replaced, and what they told."""
    if not isinstance(text, str):
        return text, []
    sentences, told = [], []
    for sentence in SENTENCE_END.split(text):
        what = hidden.told_by(sentence, row)
        if what:
            told.append(what)
        sentences.append(LEFT_OUT if what else sentence)
    return (" ".join(sentences), told) if told else (text, [])
