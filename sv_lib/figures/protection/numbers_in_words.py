"""The numbers of a sentence, and what each of them counts, by the words around it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import dropwhile, pairwise, takewhile

from sv_lib.figures.figure import Figure
from sv_lib.settings import Settings
from sv_lib.strict_yaml import data_beside

MONEY, SHARE, PEOPLE, JOBS, THING, NOT_SAID = "pence", "percent", "people", "jobs", "thing", ""
"""What a number counts, beside the units of ``own_words.yaml``."""
WITHOUT_WIDTH = frozenset({"Cf", "Mn"})
"""Unicode's kinds of signs that a reader cannot see."""
EMPHASIS = re.compile(r"[*_`~\\]")
JOINED = re.compile(r"(?<=[a-z]{3})(?=\d)")
HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
ALONE = re.compile(r"[^\W_]+")
TOKEN = re.compile(
    r"(?P<pounds>£ ?|\bgbp ?)?(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<scale> ?(?:[km]|mn|bn)\b)?"
    r"|(?P<word>[^\W\d_]+|%)"
    r"|[^\s\w]"
)
SCALES = {"": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6}
SCALES |= {"bn": 10**9, "billion": 10**9}
PERSONS = re.compile(r"\w{3,}(?:ers|ors|ees|ants|ians|ists|men|women)")
"""People by their trade: joiners, trainees, technicians."""
OF_THEM = frozenset({"of", "out", "the", "our", "its", "their", "these"})
PER_CENT = frozenset({"%", "pc", "percent", "percentage"})
PHRASE = 4
"""Words after a number that may say what it counts."""
THOUSAND = 3
"""Noughts at an amount's end that may have come of rounding: £47,000 is £47k."""


class Lexicon(Settings):
    """``own_words.yaml``, which says what its keys are."""

    counted: dict[str, frozenset[str]]
    hiring: frozenset[str]
    things: frozenset[str]
    names: frozenset[str]
    ends: frozenset[str]
    acting: frozenset[str]
    months: tuple[str, ...]
    common: frozenset[str]
    numbers: dict[str, int]


@cache
def lexicon() -> Lexicon:
    """The words by which a number is understood."""
    return data_beside(__file__, Lexicon, "own_words.yaml")


@cache
def _no_counts() -> re.Pattern[str]:
    """Dates, times, spans of years and codes: what has digits and counts nothing."""
    months = "|".join(lexicon().months)
    day = r"\b\d{1,2}(?:st|nd|rd|th)? (?:of )?"
    return re.compile(
        rf"{day}(?:{months})\b"
        # "3 may start" is no day.
        rf"|(?<=\bon ){day}may\b|{day}may(?= ?(?:\d{{4}}|[^\w\s]|$))"
        r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b(?:19|20)\d\d ?[-/–] ?\d{2,4}\b"
        r"|\b\d{1,2}:\d\d\b(?: ?[ap]m\b)?|\b\d{1,2}(?:\.\d\d)? ?[ap]m\b|\b\d{1,2} o'clock"
        r"|(?<![^\W_])(?!x\d+\b)[a-z]{1,2}\d\w*"
    )


def plain(text: str) -> str:
    """A text in small letters as the eye reads it: no marks of Markdown, nothing unseen."""
    seen = unicodedata.normalize("NFKC", html.unescape(text))
    seen = "".join(sign for sign in seen if unicodedata.category(sign) not in WITHOUT_WIDTH)
    seen = EMPHASIS.sub("", seen).casefold().replace("’", "'").replace("'s", "")
    seen = seen.replace("per cent", "percent").replace("&", " and ")
    return " ".join(JOINED.sub(" ", seen).split())


def words_of(text: str) -> str:
    """The words and numbers of a plain text with one space around each."""
    return f" {' '.join(ALONE.findall(text))} "


@dataclass(frozen=True)
class Written:
    """A number as somebody wrote it: £47k is ``size`` 47,000 give or take ``slack`` 500.

    ``counts``: the unit of figures, "thing" for what no figure counts, or "" where not said.
    ``is_bare``: nothing after it says what it counts, so that words further away may.
    """

    counts: str
    is_bare: bool
    size: Fraction
    slack: Fraction
    telling_digits: int

    def may_be(self, figure: Figure) -> bool:
        """Whether a figure, rounded as this number is, would be written like this."""
        if figure.value is None or not self._may_count(figure.unit):
            return False
        value = abs(Fraction(figure.value))
        if self.counts == MONEY:
            value /= 100
        elif value.denominator == 1 and self.slack <= Fraction(1, 2):
            return value == self.size
        return abs(value - self.size) <= self.slack

    def _may_count(self, unit: str) -> bool:
        if unit.startswith(MONEY) or self.counts == MONEY:
            return unit.startswith(MONEY) and self.counts == MONEY
        if unit.startswith(SHARE) or self.counts == SHARE:
            return unit.startswith(SHARE) and self.counts == SHARE
        return self.counts == NOT_SAID or family(self.counts) == family(unit)


def family(unit: str) -> str:
    """A unit, or people for what stands for people one by one."""
    return PEOPLE if unit in ("FTE", JOBS) else unit


def speaks_of(words: Iterable[str]) -> set[str]:
    """The units of figures that any of these words names."""
    units = {unit_of(word) for word in words}
    return units if lexicon().hiring.isdisjoint(words) else {*units, JOBS}


def numbers_in(sentence: str) -> Iterator[Written]:
    """The numbers of a plain sentence that may count people, pounds, weeks or hours."""
    spaced = HYPHEN.sub(" ", _no_counts().sub(" ; ", sentence))
    tokens = list(TOKEN.finditer(spaced))
    for position, token in enumerate(tokens):
        in_words = lexicon().numbers.get(token["word"] or "")
        if not token["digits"] and in_words is None:
            continue
        phrase = _phrase(tokens[position + 1 :])
        before = tokens[position - 1]["word"] if position else None
        counts = MONEY if token["pounds"] else _counted(phrase, before or "")
        is_bare = not phrase
        # "One" is mostly no number, unless it is "one resident".
        if counts == THING or (in_words == 1 and counts == NOT_SAID):
            continue
        digits = (token["digits"] or str(in_words)).rstrip(",").replace(",", "")
        scale = SCALES[(token["scale"] or "").strip()]
        if phrase and phrase[0] in SCALES:
            scale = SCALES[phrase[0]]
        yield _written(digits, scale, counts, is_bare)


def _written(digits: str, scale: int, counts: str, is_bare: bool) -> Written:
    places = len(digits.partition(".")[2])
    noughts = 0 if places else min(len(digits) - len(digits.rstrip("0")), THOUSAND)
    last_digit = Fraction(scale * (10**noughts if counts == MONEY else 1), 10**places)
    telling = len(digits.replace(".", "").strip("0"))
    return Written(counts, is_bare, Fraction(digits) * scale, last_digit / 2, telling)


def _phrase(after: Sequence[re.Match[str]]) -> list[str]:
    """The words that follow a number up to the first that ends what it counts."""
    near = [token["word"] or token["digits"] or "" for token in after[: 2 * PHRASE]]
    if near and near[0] in ("st", "nd", "rd", "th"):
        near = near[1:]
    if near and near[0] in ("of", "out"):
        # Three of our five apprentices.
        near = list(dropwhile(lambda word: word in OF_THEM or _is_number(word), near))
    phrase = takewhile(lambda word: word and not _ends(word), near)
    return list(phrase)[:PHRASE]


def _ends(word: str) -> bool:
    return word[:1].isdigit() or word in lexicon().ends


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or word in lexicon().numbers


def _counted(phrase: Sequence[str], before: str) -> str:
    """What a number counts, by the phrase after it, else by the word before it."""
    if phrase and phrase[0] in PER_CENT:
        return SHARE
    for word, following in pairwise([*phrase, ""]):
        if word in ("pound", "pounds"):
            return MONEY
        unit = unit_of(word)
        # A fair about jobs is a thing.
        if unit and not (unit == JOBS and _is_in(following, lexicon().things)):
            return unit
        if _is_in(word, lexicon().things):
            # Leavers of a school are people.
            return unit_of(following) or THING
    if not lexicon().hiring.isdisjoint(phrase):
        return JOBS
    return THING if before in lexicon().names else NOT_SAID


def unit_of(word: str) -> str:
    """The unit of figures that a word names; "" for none."""
    for unit, words in lexicon().counted.items():
        if _is_in(word, words):
            return unit
    is_other = _is_in(word, lexicon().things) or _is_in(word, lexicon().acting)
    return PEOPLE if PERSONS.fullmatch(word) and not is_other else NOT_SAID


def _is_in(word: str, words: frozenset[str]) -> bool:
    return word in words or word.removesuffix("s") in words
