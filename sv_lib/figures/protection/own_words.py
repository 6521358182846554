"""Sentences that a council wrote itself, searched for numbers that are hidden.

A story, an action or an answer may say in words what the figures hide. Such a sentence is left out
of the public build, with a finding that asks for other words. It never ends the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from sv_lib.figures.figure import Figure
from sv_lib.figures.trail import CODE
from sv_lib.intake.findings import Finding, finding

WRITTEN_BY_THE_COUNCIL = {
    "stories": ("title", "story", "quote"),
    "actions": ("action", "progress"),
    "priorities": ("priority", "next_step"),
    "scrutiny": ("question", "answer"),
}
"""Table of inputs -> the columns that pages print as they stand."""
LEFT_OUT = "[c]"
OWN_WORDS = "protection.own_words"
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
NUMBER = re.compile(
    r"(?<![\w.,-])(?P<pounds>£)?(?P<digits>\d[\d,]*(?:\.\d+)?)"
    r"(?P<scale>[kmb]n?\b| thousand| million| billion)?"
    r"(?!\s?%)(?!-\d)(?P<next> ?[A-Za-z]+)?"
)
SCALES = {"": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6}
SCALES |= {"bn": 10**9, "billion": 10**9}
OTHER_THINGS = re.compile(
    r"(?:contract|supplier|firm|day|month|year|ward|school|event|meeting|site|per|pc|percent"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)s?$",
    re.IGNORECASE,
)
"""Words after a number that say it counts no people, weeks, hours or pounds."""
TELLING_DIGITS = 6
"""An amount of so many digits, last noughts apart, hardly stands anywhere by chance."""


@dataclass(frozen=True)
class Written:
    """A number as somebody wrote it: £47k is ``size`` 47,000 give or take ``slack`` 500."""

    is_money: bool
    size: Fraction
    slack: Fraction
    telling_digits: int

    def may_be(self, figure: Figure) -> bool:
        """Whether a figure, rounded as this number is, would be written like this."""
        if figure.value is None or self.is_money != (figure.unit == "pence"):
            return False
        value = abs(Fraction(figure.value))
        if self.is_money:
            value /= 100
        return abs(value - self.size) <= self.slack


def numbers_in(text: str) -> Iterator[Written]:
    """The numbers of a text that may count people, pounds, weeks or hours."""
    for match in NUMBER.finditer(text):
        following = (match["next"] or "").strip()
        if not match["pounds"] and OTHER_THINGS.match(following):
            continue
        digits = match["digits"].rstrip(",").replace(",", "")
        scale = SCALES[(match["scale"] or "").strip()]
        places = len(digits.partition(".")[2])
        # A whole number counts one by one; rounded ones are off by half of their last digit.
        is_exact = places == 0 and scale == 1 and not match["pounds"]
        slack = Fraction(0) if is_exact else Fraction(scale, 2 * 10**places)
        telling = len(digits.replace(".", "").rstrip("0"))
        yield Written(bool(match["pounds"]), Fraction(digits) * scale, slack, telling)


class HiddenNumbers:
    """What a sentence may not tell: hidden figures, and names and numbers of the exempt build."""

    def __init__(self, figures: Iterable[Figure], words: Iterable[str]) -> None:
        self._figures = [(figure, _subjects(figure)) for figure in figures if figure.value]
        self._words = sorted(words)

    def told_by(self, sentence: str) -> str | None:
        """The id of the figure, or the kind of name, that a sentence tells; None if it is safe."""
        if any(word in sentence for word in self._words):
            return "a name or a claim that is not public"
        numbers = list(numbers_in(sentence))
        if not numbers:
            return None
        lowered = sentence.lower()
        for figure, subjects in self._figures:
            is_named = any(subject in lowered for subject in subjects)
            for number in numbers:
                is_telling = number.telling_digits >= TELLING_DIGITS
                if (is_named or is_telling) and number.may_be(figure):
                    return figure.id
        return None


def _subjects(figure: Figure) -> set[str]:
    """What a figure is about, in small letters: the name before its label's colon, and codes."""
    subjects = {figure.label.partition(":")[0].lower()}
    subjects |= {part.lower() for part in figure.id.split(".") if CODE.fullmatch(part)}
    return subjects


def leave_out(
    table: str, rows: pd.DataFrame, hidden: HiddenNumbers
) -> tuple[pd.DataFrame, list[Finding]]:
    """A table without the sentences that tell a hidden number, and a finding for each of them."""
    found: list[Finding] = []
    columns = {}
    for column in WRITTEN_BY_THE_COUNCIL[table]:
        cells = []
        for text, file, row in zip(
            rows[column], rows["source_file"], rows["source_row"], strict=True
        ):
            kept, told = _without_told(text, hidden)
            cells.append(kept)
            found += [finding(OWN_WORDS, file, row, column, what=what) for what in told]
        columns[column] = pd.Series(cells, rows.index, dtype=rows[column].dtype)
    return rows.assign(**columns), found


def _without_told(text: object, hidden: HiddenNumbers) -> tuple[object, list[str]]:
    """A cell with each telling sentence replaced, and what they told."""
    if not isinstance(text, str):
        return text, []
    sentences, told = [], []
    for sentence in SENTENCE_END.split(text):
        what = hidden.told_by(sentence)
        if what:
            told.append(what)
        sentences.append(LEFT_OUT if what else sentence)
    return (" ".join(sentences), told) if told else (text, [])
