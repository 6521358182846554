"""What an analyst must decide of a ledger before a total can be made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sv_lib.intake.files.amounts import has_two_places
from sv_lib.intake.files.cells import as_arrow, ledger_days, ledger_pence
from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.files.sentences import sentence
from sv_lib.intake.files.workbooks import NO_VALUE
from sv_lib.intake.ledger.headings import HEADINGS, money_basis, rank_of, ranks_of, words_of
from sv_lib.intake.ledger.layout import Layout
from sv_lib.params import Settings
from sv_lib.strict_yaml import data_beside

FEW = 20
"""Different values of a column that says of which kind a row is."""
SAMPLE = 2_000
"""Rows that are looked at, evenly spread."""


class Answer(Settings):
    """How a layout answers a question: the ``key`` that settles it, and the ``line`` to write."""

    key: str = ""
    line: str


ANSWERS = data_beside(__file__, dict[str, Answer], "answers.yaml")


@dataclass(frozen=True)
class Question:
    """A question of a ledger. ``id``: its entry in ``sentences.yaml``."""

    id: str
    words: str

    @property
    def line(self) -> str:
        """The line of a layout that would answer it; blank where it is accepted word for word."""
        return ANSWERS[self.id].line if self.id in ANSWERS else ""

    def is_settled(self, layout: Layout, file: str) -> bool:
        """Whether a layout answers it, or accepts it word for word for this file."""
        accepted = layout.accepted.get(Path(file).name, ())
        key = ANSWERS[self.id].key if self.id in ANSWERS else ""
        return self.words in accepted or bool(key and getattr(layout, key))


def ask(question_id: str, **slots: object) -> Question:
    """The question of that id, its sentence filled."""
    return Question(question_id, sentence(question_id, **slots))


def sample_of(cells: pd.DataFrame) -> pd.DataFrame:
    """Rows evenly spread, their text trimmed."""
    every = max(1, len(cells) // SAMPLE)
    sample: pd.DataFrame = cells.iloc[::every].apply(lambda column: column.str.strip())
    return sample


def ask_of_signs(sample: pd.DataFrame, amount: str) -> Iterator[Question]:
    """Where the sign, or the unit, of the amounts is not in the amounts.

    ``sample``: trimmed text under the file's headings; ``amount``: the heading of the amounts.
    """
    if HEADINGS.money.other_unit.search(amount):
        yield ask("not_pounds", column=amount)
    yield from ask_of_debits(list(sample.columns))
    if is_mostly_negative(sample[amount]):
        yield ask("mostly_negative")


def ask_of_debits(headings: list[str]) -> Iterator[Question]:
    """Where debits and credits stand in columns of their own."""
    words = " ".join(map(words_of, headings)).split()
    if "debit" in words and "credit" in words:
        yield ask("debit_and_credit")


def is_mostly_negative(texts: pd.Series) -> bool:
    """Whether most of the amounts that can be read are negative."""
    pence = ledger_pence(texts).values.dropna()
    return int((pence < 0).sum()) * 2 > len(pence)


def credit_rows(cells: pd.DataFrame, sample: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """The columns that say which rows are credits, and the rows of which each says so."""
    signs = HEADINGS.signs
    for heading, marks in _marks(cells, sample):
        different = set(marks.values())
        # One of many kinds of expense may be called refund, and says nothing of the sign.
        is_of_goods = rank_of("category", heading) is not None
        if is_of_goods and not different <= signs.all | signs.credits | signs.documents:
            continue
        marks_of_credits = signs.credits
        if different <= signs.all:
            marks_of_credits |= signs.short_credits
        found = [text for text, mark in marks.items() if mark in marks_of_credits]
        if found:
            yield heading, cells[heading].isin(found)


def foreign_rows(
    cells: pd.DataFrame, sample: pd.DataFrame, amount: str
) -> Iterator[tuple[str, pd.Series]]:
    """The columns of currencies, and the rows that each marks with another one than the pound."""
    if {"gbp", "sterling"} & set(words_of(amount).split()):
        return
    for heading, marks in _marks(cells, sample):
        if HEADINGS.currency.search(words_of(heading)):
            foreign = [text for text, mark in marks.items() if mark not in HEADINGS.signs.pounds]
            is_foreign = cells[heading].isin(foreign)
            has_sign = cells.loc[is_foreign, amount].str.contains("£|GBP")
            if foreign and not has_sign.all():
                yield heading, is_foreign


def _marks(cells: pd.DataFrame, sample: pd.DataFrame) -> Iterator[tuple[str, dict[str, str]]]:
    """The columns of few different values, and each of these in capitals."""
    for heading in sample.columns:
        if sample[heading].nunique() <= FEW:
            texts = cells[heading].unique()
            yield heading, {text: text.strip().upper() for text in texts}


def ask_of_formulas(cells: pd.DataFrame, headings: list[str]) -> Iterator[Question]:
    """Where a formula that nobody has calculated stands in one of the columns."""
    for heading in headings:
        has_no_value = cells[heading] == NO_VALUE
        if has_no_value.any():
            yield ask("formulas", column=heading, row=has_no_value.idxmax())


def day_or_money(headings: list[str]) -> list[str]:
    """The headings that say day of payment or amount."""
    return [*ranks_of("paid_on", headings), *filter(money_basis, headings)]


def ask_of_unit_above(raw: RawTable) -> Iterator[Question]:
    """Where a row above the header says that the amounts are not in pounds."""
    for words in raw.above:
        if HEADINGS.money.other_unit.search(words):
            yield ask("unit_above", words=words)
            return


def ask_of_unread(texts: pd.Series) -> Iterator[Question]:
    """Amounts with figures in them that cannot be read.

    One that is words, such as REDACTED, is not in doubt: it is set aside.
    """
    odd = texts[~has_two_places(as_arrow(texts)).to_numpy()]
    unread = odd[ledger_pence(odd).unread]
    unread = unread[unread.str.contains(r"\d|#")]
    if unread.empty:
        return
    row = unread.index[0]
    yield ask("unread_amounts", count=len(unread), example=unread[row], row=row)


def ask_of_parts(raw: RawTable) -> Iterator[Question]:
    """Where most payments of a part of a file stand in an earlier part too.

    They are the same when day, amount and supplier are. ``raw``: payments under our names.
    """
    if len(raw.begins) < 2:
        return
    keys = _keys_of_payments(raw.frame)
    rows = raw.frame.index.to_numpy()
    part = np.searchsorted(raw.begins, rows, side="left")
    for number in np.unique(part)[1:]:
        is_mine = part == number
        is_repeated = np.isin(keys[is_mine], keys[part < number])
        if is_repeated.mean() > 0.5:
            yield ask("part_repeated", row=rows[is_mine][0])


def _keys_of_payments(frame: pd.DataFrame) -> npt.NDArray[np.integer[Any]]:
    """A number for each payment, the same for the same day, amount and supplier."""
    payments = {
        "day": ledger_days(frame["paid_on"]).values,
        "pence": ledger_pence(frame["amount"]).values,
        "name": frame.get("supplier_name", frame["amount"]).str.strip().str.lower(),
    }
    # Hashes take a tenth of the memory of the texts.
    return pd.util.hash_pandas_object(pd.DataFrame(payments), index=False).to_numpy()
