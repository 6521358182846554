"""What an analyst must decide of a ledger before a total can be made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sv_lib.intake.files.cells import ledger_days, ledger_pence
from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.files.sentences import sentence
from sv_lib.intake.ledger.headings import HEADINGS, words_of

FEW = 20
"""Different values of a column that says of which kind a row is."""


def ask_of_signs(sample: pd.DataFrame, amount: str | None) -> Iterator[str]:
    """Where the sign, or the unit, of the amounts is not in the amounts.

    ``sample``: trimmed text under the file's headings; ``amount``: the heading of the amounts.
    """
    if amount is not None and HEADINGS.money.other_unit.search(amount):
        yield sentence("not_pounds", column=amount)
    words = " ".join(map(words_of, sample.columns)).split()
    if "debit" in words and "credit" in words:
        yield sentence("debit_and_credit")
    if amount is None or sample.empty:
        return
    pence = ledger_pence(sample[amount]).values
    if (pence.dropna() < 0).mean() > 0.5:
        yield sentence("mostly_negative")
    for heading in sample.columns.drop(amount):
        yield from _ask_of_marks(heading, sample[heading].str.upper(), pence)


def _ask_of_marks(heading: str, marks: pd.Series, pence: pd.Series) -> Iterator[str]:
    """Where a column says which amounts are credits, or in another currency."""
    signs = HEADINGS.signs
    different = set(marks)
    credit_marks = signs.credits
    if different <= signs.all:
        credit_marks |= signs.short_credits
    credited = pence[marks.isin(credit_marks)]
    if len(different) <= FEW and (credited > 0).any():
        yield sentence("credits_positive", column=heading)
    if "currency" in words_of(heading) and not different <= signs.pounds:
        yield sentence("other_currency", column=heading)


def ask_of_unit_above(raw: RawTable) -> Iterator[str]:
    """Where a row above the header says that the amounts are not in pounds."""
    for words in raw.above:
        if HEADINGS.money.other_unit.search(words):
            yield sentence("unit_above", words=words)
            return


def ask_of_unread(texts: pd.Series) -> Iterator[str]:
    """Amounts with figures in them that cannot be read.

    One that is words, such as REDACTED, is not in doubt: it is set aside.
    """
    unread = texts[ledger_pence(texts).unread]
    unread = unread[unread.str.contains(r"\d|#")]
    if unread.empty:
        return
    row = unread.index[0]
    yield sentence("unread_amounts", count=len(unread), example=unread[row], row=row)


def ask_of_parts(raw: RawTable) -> Iterator[str]:
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
            yield sentence("part_repeated", row=rows[is_mine][0])


def _keys_of_payments(frame: pd.DataFrame) -> npt.NDArray[np.integer[Any]]:
    """A number for each payment, the same for the same day, amount and supplier."""
    payments = {
        "day": ledger_days(frame["paid_on"]).values,
        "pence": ledger_pence(frame["amount"]).values,
        "name": frame.get("supplier_name", frame["amount"]).str.strip().str.lower(),
    }
    # Hashes take a tenth of the memory of the texts.
    return pd.util.hash_pandas_object(pd.DataFrame(payments), index=False).to_numpy()
