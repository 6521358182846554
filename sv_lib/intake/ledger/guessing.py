"""Which column of a ledger is which, guessed from its headings and values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from sv_lib.intake.files.cells import YES_NO, ReadColumn, ledger_days, ledger_pence
from sv_lib.intake.files.dates import exchanged
from sv_lib.intake.files.sentences import sentence
from sv_lib.intake.ledger.answers import has_other_sign, without_other_sign
from sv_lib.intake.ledger.headings import HEADINGS, Basis, money_basis, rank_of, ranks_of, words_of
from sv_lib.intake.ledger.layout import Layout
from sv_lib.intake.ledger.questions import Question, ask, ask_of_debits, day_or_money, sample_of
from sv_lib.intake.tables.dictionary import PAYMENTS

Read = Callable[[pd.Series], ReadColumn]
CERTAIN = 0.75
"""The confidence from which a guess is used without asking."""
BY_HEADING = 0.99
BY_VALUES = 0.8
"""How sure a guess is by a heading that says so, or by values alone, were all values readable."""
VAGUE = len(HEADINGS.columns["supplier_name"]) - 1
"""The rank of a heading that may be the supplier's or somebody else's."""
SEVERAL = 3
"""Different names from which a column is one of suppliers."""
POUNDS_AND_PENCE = r"\.\d\d?$|£|,\d{3}\b|\.\d{3,}$"
BASES: tuple[Basis, ...] = ("net", "not known", "gross")
"""The amounts wanted, the best first."""


@dataclass
class Guess:
    """A layout that nobody has confirmed, how sure it is from 0 to 1, and what to decide first."""

    layout: Layout
    confidence: float
    questions: list[Question] = field(default_factory=list)


@dataclass(frozen=True)
class GuessedColumn:
    """The column of the day or of the amount; None where no column is taken."""

    heading: str | None
    sure: float = 0.0
    basis: Basis = "not known"
    question: Question | None = None


def guess(frame: pd.DataFrame) -> Guess:
    """The layout of a ledger's text. What it cannot tell, it asks."""
    sample = sample_of(frame)
    for heading in day_or_money(list(sample.columns)):
        if has_other_sign(sample[heading]):
            sample[heading] = without_other_sign(sample[heading])
    amount = _guess_amount(sample)
    day = _guess_day(sample)
    questions = list(filter(None, [amount.question, day.question]))
    if amount.heading is None:
        questions += ask_of_debits(list(sample.columns))
    confidence = round(min(amount.sure, day.sure), 2)
    if not questions and confidence < CERTAIN:
        questions.append(ask("unlikely", amount=amount.heading, day=day.heading))
    layout = Layout(
        columns=_columns(sample, amount.heading, day.heading),
        redacted=HEADINGS.hidden.names,
        vat_basis=amount.basis,
        headings=tuple(one for one in sample.columns if not one.startswith("(column ")),
    )
    return Guess(layout, confidence, questions)


def _columns(sample: pd.DataFrame, amount: str | None, day: str | None) -> dict[str, str]:
    """Our column -> heading, in our order; each heading is taken once."""
    columns = {}
    if amount is not None:
        columns["amount"] = amount
    if day is not None:
        columns["paid_on"] = day
    for ours in HEADINGS.columns:
        ranks = ranks_of(ours, list(sample.columns))
        for theirs in sorted(ranks, key=ranks.__getitem__):
            is_free = ours not in columns and theirs not in columns.values()
            if is_free and ours != "paid_on" and _can_be(ours, sample[theirs]):
                columns[ours] = theirs
    return {ours: columns[ours] for ours in PAYMENTS.names if ours in columns}


def _can_be(ours: str, cells: pd.Series) -> bool:
    # A column headed "card" may hold a card's number or its holder, which are not read.
    if ours == "is_card":
        return bool(cells.str.lower().isin(YES_NO).all())
    # Under "company" or "name" the council itself may stand, on every row.
    is_vague = ours == "supplier_name" and rank_of(ours, str(cells.name)) == VAGUE
    return not is_vague or cells[cells.str.contains("[A-Za-z]")].nunique() >= SEVERAL


def _guess_amount(sample: pd.DataFrame) -> GuessedColumn:
    """The column of the amounts: net before unmarked before gross."""
    shares = {heading: _share_read(cells, ledger_pence) for heading, cells in sample.items()}
    money = {str(heading): share for heading, share in shares.items() if share >= 0.5}
    bases = {heading: money_basis(heading) for heading in money}
    for basis in BASES:
        found = _distinct(sample, [heading for heading in money if bases[heading] == basis])
        if found:
            gross = [heading for heading in money if bases[heading] == "gross"]
            return _best_amount(sample, found, basis, gross, money)
    return _amount_by_values(sample, list(money))


def _best_amount(
    sample: pd.DataFrame, found: list[str], basis: Basis, gross: list[str], shares: dict[str, float]
) -> GuessedColumn:
    """One of the columns of amounts that say the same of VAT."""
    best = found[0]
    question = None
    in_pounds = [one for one in found if "gbp" in words_of(one).split()]
    if len(in_pounds) == 1 and any(map(HEADINGS.currency.search, map(words_of, sample))):
        found = in_pounds
        best = found[0]
    if len(found) > 1:
        net = [one for one in found if _is_net_of_any(sample, one, found)]
        if len(net) == 1:
            return GuessedColumn(net[0], BY_HEADING * shares[net[0]], "net")
        question = ask("which_amount", columns=_listed(found))
    if basis == "not known" and _is_net_of_any(sample, best, gross):
        basis = "net"
    return GuessedColumn(best, BY_HEADING * shares[best], basis, question)


def _amount_by_values(sample: pd.DataFrame, money: list[str]) -> GuessedColumn:
    """The one column of pounds and pence without a heading of its own; else a question."""
    pence = []
    for heading in money:
        is_pence = sample[heading].str.contains(POUNDS_AND_PENCE).mean() > 0.5
        if is_pence and not HEADINGS.money.not_spend.search(words_of(heading)):
            pence.append(heading)
    if len(pence) == 1 and HEADINGS.overwritten.search(pence[0]):
        return GuessedColumn(pence[0], BY_VALUES)
    near = _listed(pence) or sentence("no_column_near")
    headed = [heading for heading in sample.columns if money_basis(heading)]
    why = _why_not(sample, headed, ledger_pence)
    return GuessedColumn(None, question=ask("no_amount", columns=near, why=why))


def _guess_day(sample: pd.DataFrame) -> GuessedColumn:
    """The column of the day of payment; of several the one closest to the payment."""
    ranks = ranks_of("paid_on", list(sample.columns))
    shares = {heading: _share_read(sample[heading], _days_in_any_order) for heading in ranks}
    read = {heading: rank for heading, rank in ranks.items() if shares[heading] >= 0.5}
    if read:
        best_rank = min(read.values())
        best = _distinct(sample, [heading for heading in read if read[heading] == best_rank])
        first = best[0]
        question = None
        if len(best) > 1:
            question = ask("which_day", columns=_listed(best))
        return GuessedColumn(first, BY_HEADING * shares[first], question=question)
    dates = []
    for heading, cells in sample.items():
        # Plain numbers could be read as a spreadsheet's days, so they are no evidence here.
        with_words_or_signs = cells[cells.str.contains(r"\D")]
        if _share_read(with_words_or_signs, _days_in_any_order) > 0.9:
            dates.append(str(heading))
    if len(dates) == 1:
        return GuessedColumn(dates[0], BY_VALUES)
    return GuessedColumn(None, question=_ask_for_day(sample, list(ranks)))


def _days_in_any_order(texts: pd.Series) -> ReadColumn:
    """Days as they are written, or month first where that is beyond doubt or can be answered."""
    read = ledger_days(texts)
    if not read.unread.mean() > 0.25:
        return read
    return ledger_days(texts.map(exchanged).astype("str"))


def _ask_for_day(sample: pd.DataFrame, headed: list[str]) -> Question:
    """The question where no column is taken as the day, though some may be headed so."""
    return ask("no_day", why=_why_not(sample, headed, ledger_days))


def _listed(headings: list[str]) -> str:
    return ", ".join(f"'{heading}'" for heading in headings)


def _why_not(sample: pd.DataFrame, headed: list[str], read: Read) -> str:
    """Why no column is taken as the day or the amount."""
    for heading in headed:
        cells = sample[heading]
        unread = cells[read(cells).unread]
        if len(unread):
            return sentence("unread_column", column=heading, example=unread.iloc[0])
    return sentence("no_heading")


def _share_read(cells: pd.Series, read: Read) -> float:
    """The share of the filled cells that can be read; headings repeated below are left out."""
    hides = cells.str.contains(HEADINGS.hidden.placeholders.pattern, case=False)
    filled = cells[(cells != "") & (cells != cells.name) & ~hides]
    if filled.empty:
        return 0.0
    return 1 - float(read(filled).unread.mean())


def _distinct(sample: pd.DataFrame, headings: list[str]) -> list[str]:
    """The columns without those that repeat an earlier one, value for value."""
    distinct: list[str] = []
    for heading in headings:
        if not any(sample[heading].equals(sample[other]) for other in distinct):
            distinct.append(heading)
    return distinct


def _is_net_of_any(sample: pd.DataFrame, net: str, others: list[str]) -> bool:
    """Whether a column of VAT makes the amount into one of the others.

    It must, wherever all three are filled, but for one row in twenty.
    """
    taxes = [heading for heading in sample.columns if "vat" in words_of(heading).split()]
    for gross in others:
        for vat in taxes:
            if gross != net and _adds_up(sample, net, vat, gross):
                return True
    return False


def _adds_up(sample: pd.DataFrame, net: str, vat: str, gross: str) -> bool:
    three = {"net": net, "vat": vat, "gross": gross}
    pence = {name: ledger_pence(sample[heading]).values for name, heading in three.items()}
    rows = pd.DataFrame(pence).dropna()
    if rows.empty or (rows["vat"] == 0).all():
        return False
    return bool((rows["net"] + rows["vat"] == rows["gross"]).mean() > 0.95)
