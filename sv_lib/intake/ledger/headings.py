"""How a heading of a ledger is recognised, by the words of ``headings.yaml``."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator
from rapidfuzz import process
from rapidfuzz.distance import OSA

from sv_lib.params import Settings
from sv_lib.strict_yaml import read_yaml

Basis = Literal["net", "gross", "not known"]
FILE = Path(__file__).with_suffix(".yaml")
DATE_OR_AMOUNT = re.compile(r"\d[/.:-]\d|\d\.\d\d$")
NUMBERING = re.compile(r"^[(\[]?(?:\d{1,2}|[A-Za-z])[.)\]:] *|[(\[]\d{1,2}[)\]]$")
"""The number of a column, before or after its heading: 1. Date, (a) Date, Date (1)."""
LONGEST = 60
"""Characters of a heading; a longer cell is a sentence."""
SHORTEST_MISSPELT = 6
LONG = 9
"""Letters of a word in which one slip is looked for, and of one in which two are."""


def _any_of(alternatives: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


def _any_word(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


AnyOf = Annotated[re.Pattern[str], BeforeValidator(_any_of)]
AnyWord = Annotated[re.Pattern[str], BeforeValidator(_any_word)]


class MoneyHeadings(Settings):
    """Words of a heading of money, and what it says of VAT and of the unit."""

    words: AnyWord
    not_spend: AnyWord
    without_vat: AnyOf
    with_vat: AnyOf
    other_unit: AnyOf


class HiddenWords(Settings):
    """Words that stand where a council hides a value."""

    names: tuple[str, ...]
    cells: AnyOf
    placeholders: AnyOf


class SignWords(Settings):
    """Cells that say of which sign or currency an amount is, in capitals."""

    all: frozenset[str]
    credits: frozenset[str]
    short_credits: frozenset[str]
    documents: frozenset[str]
    pounds: frozenset[str]
    others: AnyOf


class Headings(Settings):
    """``headings.yaml``, its words compiled. ``columns``: our column -> patterns, best first.

    ``welsh``: words of a heading -> the English ones. ``spelling``: words that are often misspelt,
    and words that are near to them.
    """

    columns: dict[str, tuple[AnyOf, ...]]
    welsh: dict[str, str]
    spelling: tuple[str, ...]
    money: MoneyHeadings
    overwritten: AnyOf
    totals: AnyOf
    dated_totals: AnyOf
    nil: AnyOf
    currency: AnyOf
    hidden: HiddenWords
    signs: SignWords


def _load() -> Headings:
    settings = read_yaml(FILE)
    groups = settings.pop("groups")
    for patterns in settings["columns"].values():
        for alternatives in patterns:
            for at, text in enumerate(alternatives):
                for group, words in groups.items():
                    text = text.replace(f"{{{group}}}", words)
                alternatives[at] = text
    return Headings.model_validate(settings)


HEADINGS = _load()


@lru_cache(maxsize=4096)
def words_of(heading: str) -> str:
    """A heading in plain words: ``Net Amount (£)`` -> ``net amount gbp``; PayDate: ``pay date``.

    Welsh is put into English, a misspelt word is put right and a number in front is left out.
    """
    without_letter = NUMBERING.sub("", re.sub(r" \(column [A-Z]+\)$", "", heading))
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", without_letter).replace("£", " gbp ")
    ascii_words = re.sub(r"[^a-z0-9]", " ", spaced.lower()).split()
    words = " ".join(map(_spelt, ascii_words))
    return _in_english(re.sub(r"^\d{1,2} (?=[a-z])", "", words))


def _spelt(word: str) -> str:
    """A word, or the one that it is a slip of the pen away from: suplier is supplier."""
    if len(word) < SHORTEST_MISSPELT or word in HEADINGS.spelling:
        return word
    slips = 1 if len(word) < LONG else 2
    near = process.extractOne(word, HEADINGS.spelling, scorer=OSA.distance, score_cutoff=slips)
    return near[0] if near else word


def _in_english(words: str) -> str:
    """A Welsh or a bilingual heading in English, what is said in both languages once."""
    english = words
    for welsh, ours in HEADINGS.welsh.items():
        english = re.sub(rf"\b(?:{welsh})\b", ours, english)
    if english == words:
        return words
    # "date payment date" and "supplier name supplier" say one thing twice; the fuller one counts.
    backwards = reversed(english.split())
    return " ".join(reversed(list(dict.fromkeys(backwards))))


def rank_of(ours: str, heading: str) -> int | None:
    """How good a heading is for one of our columns, 0 the best; None where it is none of its."""
    words = words_of(heading)
    for rank, pattern in enumerate(HEADINGS.columns[ours]):
        if pattern.fullmatch(words):
            return rank
    return None


def ranks_of(ours: str, headings: list[str]) -> dict[str, int]:
    """The headings that may be one of our columns, and how good each is."""
    ranks = {heading: rank_of(ours, heading) for heading in headings}
    return {heading: rank for heading, rank in ranks.items() if rank is not None}


def money_basis(heading: str) -> Basis | None:
    """The VAT basis that a heading of money says; None when it is not one of money paid."""
    words = words_of(heading)
    money = HEADINGS.money
    is_net = bool(money.without_vat.search(words))
    is_gross = bool(money.with_vat.search(words))
    # What is said of VAT is itself a word of money, so "exc vat" alone heads an amount.
    rest = money.with_vat.sub(" net ", money.without_vat.sub(" net ", words))
    if not money.words.search(rest) or money.not_spend.search(rest):
        return None
    if is_net == is_gross:
        return "not known"
    return "net" if is_net else "gross"


def is_heading_of(ours: str, cell: str) -> bool:
    """Whether a cell is a heading of a column of ours."""
    if ours == "amount":
        return money_basis(cell) is not None
    return rank_of(ours, cell) is not None


def headings_known(row: list[str]) -> int:
    """How many of our columns a row's cells are headings of.

    None for a row that holds a date or an amount: it is a payment, whatever its words.
    """
    if any(DATE_OR_AMOUNT.search(cell) for cell in row):
        return 0
    headings = [cell for cell in row if len(cell) < LONGEST]
    ours = [*HEADINGS.columns, "amount"]
    return sum(any(is_heading_of(one, heading) for heading in headings) for one in ours)
