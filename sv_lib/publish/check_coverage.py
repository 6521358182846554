"""How much is known: of payments, of returns that were due, of people's homes, of prices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from sv_lib.analysis import local_spend
from sv_lib.figures.topic import both_periods
from sv_lib.figures.topics import people, promises
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.intake.findings import counted
from sv_lib.intake.pipeline import Inputs
from sv_lib.params import NOT_KNOWN, Publication
from sv_lib.present.formats import Amount, display
from sv_lib.present.markup import Html
from sv_lib.present.tables import TableRow
from sv_lib.publish.files.gaps import measures_without_price
from sv_lib.publish.page.html import section
from sv_lib.toms.states import in_period

COVERED = {
    "the supplier is in the list": ("supplier", ["suppliers"]),
    "the supplier's ward, or that it is outside": ("ward_code", ["suppliers", "postcodes"]),
    "how near the supplier is": ("geography", ["suppliers", "postcodes"]),
    "the contract is in the register": ("contract", ["contracts"]),
    "whether the supplier is small or medium": ("is_sme", ["suppliers"]),
    "whether the supplier is a VCSE": ("is_vcse", ["suppliers"]),
}
"""What may be known of a payment, the column that holds it, and the tables that it comes from."""
SHARES = {
    "contracts that sent every return due": "delivery.coverage.share.this",
    "homes of people into work": "people.home_known_share.this",
}
"""Figures of the report that say how much is known."""
PRICES = "prices of measures promised or claimed"
NO_MONEY = "no money"


@dataclass(frozen=True)
class Coverage:
    """How much of one thing is known. ``number``: of how many, or why that is not known.

    ``share`` and ``share_of_amount`` are in percent; there is no amount of what is not money.
    """

    label: str
    number: str
    share: Amount
    amount: Amount | None = None
    share_of_amount: Amount | None = None

    @property
    def row(self) -> TableRow:
        """The row of the table on what is known."""
        money = (NO_MONEY, NO_MONEY)
        if self.amount and self.share_of_amount:
            money = (display(self.amount, "full"), _bar(self.share_of_amount))
        return (self.label, self.number, _bar(self.share), *money)

    @property
    def known(self) -> str:
        """The share of the amount that is known, where there is one; else of the number."""
        return display(self.share_of_amount or self.share)


def _bar(share: Amount) -> Html | str:
    """A share as a bar with its number; what is not known has no bar."""
    if share.value is None:
        return NOT_KNOWN
    # Reversals may leave less than nothing, or more than all.
    width = min(max(float(share.value), 0), 100)
    return section("check_bar.html.j2", number=display(share), width=f"{width:.1f}")


def coverage(inputs: Inputs, publication: Publication) -> list[Coverage]:
    """How much is known; nothing before the findings that stop are mended.

    A table with faults cannot be joined to another.
    """
    if inputs.stops:
        return []
    return [
        *_of_payments(inputs, publication),
        *_of_figures(inputs, publication),
        _of_prices(inputs),
    ]


def _of_payments(inputs: Inputs, publication: Publication) -> list[Coverage]:
    """What is known of the payments, by number and by amount."""
    frames = inputs.frames
    suppliers = frames["suppliers"]
    contracts = frames["contracts"]
    payments = _of_reported_periods(frames["payments"], publication)
    paid = local_spend.place(payments, suppliers, frames["postcodes"], publication.council)
    for name, register in (("supplier", suppliers), ("contract", contracts)):
        ids = paid[f"{name}_id"]
        is_in_register = ids.isin(register[f"{name}_id"])
        paid[name] = ids.where(is_in_register, NOT_KNOWN)
    found = []
    for label, (column, tables) in COVERED.items():
        known = paid.loc[paid[column] != NOT_KNOWN, "amount_pence"]
        lacking = [table for table in tables if table not in inputs.supplied]
        is_told = not lacking or len(known)
        why = "" if is_told else f"{NOT_KNOWN}: no {' or '.join(lacking)} supplied"
        found.append(_covered(label, known, paid["amount_pence"], why))
    return found


def _of_reported_periods(payments: pd.DataFrame, publication: Publication) -> pd.DataFrame:
    """The payments of both periods; earlier ones only make the series longer."""
    periods = (publication.spend, publication.spend_before)
    parts = [in_period(payments, period, "paid_on") for period in periods]
    return pd.concat(parts, ignore_index=True)


def _covered(label: str, known: pd.Series, amounts: pd.Series, why: str) -> Coverage:
    """Of how many payments something is known, and of how many pence. ``why``: why of none."""
    if why:
        nothing = Amount(None, "percent")
        return Coverage(label, why, nothing, Amount(None, "pence"), nothing)
    pence = int(known.sum())
    of_amount = _share(pence, int(amounts.sum()))
    number = _of(len(known), len(amounts), "payment")
    of_number = _share(len(known), len(amounts))
    return Coverage(label, number, of_number, Amount(pence, "pence"), of_amount)


def _of_figures(inputs: Inputs, publication: Publication) -> list[Coverage]:
    """The shares that the report prints of returns and of homes."""
    workings = Workings(publication, inputs)
    trail = Trail(workings.people)
    topic, _ = both_periods(trail, workings, *workings.sv_periods, "contracts", "returns")
    people.add_people_headlines(topic)
    people.add_homes(topic)
    promises.add_coverage(topic)
    found = []
    for label, name in SHARES.items():
        share = trail[name]
        words = f"{NOT_KNOWN}: {share.caution}"
        if share.is_known:
            part, whole = (trail[one] for one in share.parts)
            words = f"{display(part)} of {display(whole)} {whole.unit}"
        found.append(Coverage(label, words, Amount(share.value, "percent")))
    return found


def _of_prices(inputs: Inputs) -> Coverage:
    """How many of the prices that are wanted there are."""
    _, slots = measures_without_price(inputs)
    wanted = slots["wanted"]
    known = wanted - slots["prices"]
    return Coverage(PRICES, _of(known, wanted, "price"), _share(known, wanted))


def _of(part: int, whole: int, unit: str) -> str:
    return f"{part:,} of {counted(whole, unit)}" if whole else f"{NOT_KNOWN}: there are none"


def _share(part: int, whole: int) -> Amount:
    if not whole:
        return Amount(None, "percent")
    return Amount(Decimal(part) * 100 / Decimal(whole), "percent")
