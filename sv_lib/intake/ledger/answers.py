"""What a layout answers, put to the rows: the sign, the currency and the day of each amount."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from sv_lib.intake.files.cells import as_arrow, ledger_pence
from sv_lib.intake.files.dates import (
    doubt,
    exchanged,
    from_1904,
    is_month_first,
    is_stamped,
    ledger_day,
    only_day_first,
    only_month_first,
)
from sv_lib.intake.files.sentences import sentence
from sv_lib.intake.findings import Finding, finding
from sv_lib.intake.ledger.headings import HEADINGS, ranks_of
from sv_lib.intake.ledger.layout import Layout
from sv_lib.intake.ledger.parts import Section
from sv_lib.intake.ledger.questions import (
    Question,
    ask,
    ask_of_signs,
    credit_rows,
    foreign_rows,
    is_mostly_negative,
    sample_of,
)

OTHERS = HEADINGS.signs.others


@dataclass
class Payments:
    """The payments of a section as text under our names.

    ``foreign``: row -> why it is not in pounds. ``read_as``: what was decided without a question.
    """

    name: str
    layout: Layout
    frame: pd.DataFrame
    questions: list[Question] = field(default_factory=list)
    foreign: dict[int, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def answer(payments: Payments, section: Section, amount: str) -> None:
    """Ask the questions of a section and do as its layout says.

    ``amount``: the file's heading of the amounts.
    """
    _settle_amounts(payments, section, amount)
    if payments.layout.paid_on is not None:
        _settle_one_day(payments, section)
    if "paid_on" in payments.frame:
        _settle_days(payments, section.is_from_1904)
    if not {"supplier_name", "supplier_id"} & set(payments.frame):
        payments.questions.append(ask("no_supplier"))


def _settle_amounts(payments: Payments, section: Section, amount: str) -> None:
    layout = payments.layout
    cells = section.cells
    sample = sample_of(cells)
    if has_other_sign(sample[amount]):
        example = sample[amount][sample[amount].str.contains(OTHERS)].iloc[0]
        payments.questions.append(ask("other_sign", column=amount, example=example))
        cells = cells.assign(**{amount: without_other_sign(cells[amount])})
        sample = sample.assign(**{amount: without_other_sign(sample[amount])})
    payments.questions += ask_of_signs(sample, amount)
    texts = cells[amount]
    for heading, is_credit in credit_rows(cells, sample):
        pence = ledger_pence(texts).values
        is_positive = (is_credit & (pence > 0)).fillna(False)
        if is_positive.any():
            payments.questions.append(ask("credits_positive", column=heading))
            if layout.credit_notes == "negative by type":
                texts = texts.mask(is_positive, _as_pounds(-pence))
    for heading, is_foreign in foreign_rows(cells, sample, amount):
        payments.questions.append(ask("other_currency", column=heading))
        for row, mark in cells.loc[is_foreign, heading].items():
            reason = sentence("other_currency_row", column=heading, mark=mark.strip())
            payments.foreign[int(str(row))] = reason
    if layout.credit_column in cells:
        texts = _less(texts, cells, layout.credit_column)
    if layout.minus == "payments":
        if not is_mostly_negative(texts):
            payments.questions.append(ask("mostly_positive"))
        texts = _as_pounds(-ledger_pence(texts).values).where(~_is_unread(texts), texts)
    payments.frame["amount"] = texts


def has_other_sign(texts: pd.Series) -> bool:
    """Whether most of the filled cells have the sign of another currency."""
    return 2 * int(texts.str.contains(OTHERS).sum()) > int((texts.str.strip() != "").sum())


def without_other_sign(texts: pd.Series) -> pd.Series:
    """Amounts without the sign of another currency."""
    return texts.str.replace(OTHERS, "", regex=True)


def _is_unread(texts: pd.Series) -> pd.Series:
    return ledger_pence(texts).values.isna()


def _less(texts: pd.Series, cells: pd.DataFrame, credit_column: str) -> pd.Series:
    """Amounts with the credits of a column of their own taken off; both may be blank."""
    debit = ledger_pence(texts).values
    credit = ledger_pence(cells[credit_column]).values
    net = _as_pounds(debit.fillna(0) - credit.fillna(0))
    return net.where(credit.notna(), texts)


def _as_pounds(pence: pd.Series) -> pd.Series:
    """Pence as the text of pounds; blank where there are none."""
    whole = pence.abs() // 100
    rest = (pence.abs() % 100).astype("str").str.zfill(2)
    sign = pd.Series(np.where(pence.fillna(0) < 0, "-", ""), index=pence.index, dtype="str")
    return (sign + whole.astype("str") + "." + rest).where(pence.notna(), "")


def _settle_one_day(payments: Payments, section: Section) -> None:
    """Give every row with an amount the one day of its file."""
    days = payments.layout.paid_on
    for heading in ranks_of("paid_on", list(section.cells.columns)):
        payments.questions.append(ask("day_in_file", column=heading))
    file = Path(payments.name).name
    day = days if isinstance(days, date) else (days or {}).get(file)
    if day is None:
        payments.questions.append(ask("no_day_for_file", file=file))
    texts = payments.frame["amount"]
    given = "" if day is None else day.isoformat()
    payments.frame["paid_on"] = texts.mask(texts.str.strip() != "", given)


def _settle_days(payments: Payments, is_from_1904: bool) -> None:
    """Put the days into the order of day, month and year, or ask which order they have."""
    paid_on = payments.frame["paid_on"]
    # A ledger of a million rows has a few hundred days: each distinct text is looked at once.
    texts = as_arrow(paid_on).unique().to_pylist()
    order = payments.layout.dates
    is_sure = not order and is_month_first(texts)
    new = {}
    if order == "swapped by a spreadsheet":
        new = {text: exchanged(text) for text in texts if is_stamped(text)}
    elif is_sure or order == "month first":
        new = {text: exchanged(text) for text in texts if not is_stamped(text)}
    if is_sure:
        example = only_month_first(texts)[0]
        note = finding("ledger.month_first", payments.name, None, "paid_on", example=example)
        payments.findings.append(note)
    else:
        payments.questions += _ask_of_order(texts, payments.layout)
    if is_from_1904:
        new |= {text: from_1904(text) for text in texts}
    if new:
        # A day that has no such month was not written the other way round.
        read = {text: day if ledger_day(day) else text for text, day in new.items()}
        payments.frame["paid_on"] = paid_on.map(lambda text: read.get(text, text)).astype("str")


def _ask_of_order(texts: list[str], layout: Layout) -> Iterator[Question]:
    """Ask which order the days have, and where they are not as the layout says."""
    why = doubt(texts)
    if why:
        yield ask("day_or_month", column=layout.columns.get("paid_on", ""), why=why)
    late = only_month_first(texts)
    early = only_day_first(texts)
    if layout.dates == "month first" and early:
        yield ask("not_month_first", example=early[0])
    elif layout.dates not in ("", "month first") and late:
        yield ask("not_day_first", example=late[0])
