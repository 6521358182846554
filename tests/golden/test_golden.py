"""Every figure of WORKING.md, worked by hand there, comes out of the method and the analysis
exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from frames import council, frame

from sv_lib.analysis import (
    bridge,
    delivery,
    forecast,
    lenses,
    local_spend,
    pipeline,
    reach,
    suppliers,
)
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.periods import Period
from sv_lib.toms import overlaps, states, valuation
from sv_lib.toms.measures import catalogue

PAGE = (Path(__file__).parent / "WORKING.md").read_text(encoding="utf-8")
DAY = date(2022, 6, 30)
SV, SV_BEFORE = (
    Period(date(2021, 12, 1), date(2022, 5, 31)),
    Period(date(2020, 12, 1), date(2021, 5, 31)),
)
SPEND, SPEND_BEFORE = (
    Period(date(2021, 10, 1), date(2022, 3, 31)),
    Period(date(2020, 10, 1), date(2021, 3, 31)),
)

Answers = dict[str, Decimal | None]


def lines(columns: int) -> list[list[str]]:
    """Rows of the page's tables of so many columns, without headings and rules."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.splitlines()
        if line.startswith("| ")
    ]
    return [
        row for row in rows if len(row) == columns and row[0] not in ("figure", "authority", "---")
    ]


def drawn() -> dict[str, pd.DataFrame]:
    """The page's inputs as intake gives them; a table that it does not draw is empty."""
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```", PAGE, flags=re.M | re.S))
    return {name: frame(name, blocks.get(name, "")) for name in TABLES}


EXPECTED: Answers = {row[0]: None if row[2] == "none" else Decimal(row[2]) for row in lines(3)}
SHARES = lines(4)


def pence(amount: Any) -> Decimal | None:
    return None if pd.isna(amount) else Decimal(int(amount)) / 100


def total(rows: pd.DataFrame, column: str = "value_pence") -> Decimal | None:
    return pence(rows[column].dropna().sum())


def method(frames: dict[str, pd.DataFrame]) -> Iterator[tuple[str, Decimal | int | None]]:
    """Claims, states, totals and what is due."""
    measures: dict[str, Any] = catalogue()
    claims = valuation.value_claims(
        frames["returns"], frames["contracts"], measures, frames["proxies"], {}
    )
    for row in claims.itertuples():
        yield f"claim.{row.claim_id}", pence(row.value_pence)
    known = states.in_period(overlaps.mark(states.as_at(claims, DAY), measures), SV)
    counted = states.countable(known)
    yield "delivered", total(counted)
    yield "validated", total(counted[counted["state"] == "validated"])
    yield "evidenced_or_validated", total(counted[counted["state"] != "reported"])
    yield "local_economic", total(counted[counted["is_local_economic"]])
    yield "additional_social", total(counted[~counted["is_local_economic"]])
    yield "recorded_only_claims", len(counted[counted["pricing"] == "recorded only"])
    yield "not_priced_claims", len(counted[counted["pricing"] == "not priced"])
    yield "blocked_claims", int(known["is_blocked"].sum())
    largest = delivery.top(counted, 1)
    yield "largest_contract", total(largest)
    yield (
        "without_the_largest",
        total(counted[~counted["contract_id"].isin(largest["contract_id"])]),
    )
    to_date = states.countable(overlaps.mark(states.as_at(claims, DAY), measures))
    yield "delivered_before", total(states.in_period(to_date, SV_BEFORE))
    promises = valuation.value_claims(
        frames["commitments"], frames["contracts"], measures, frames["proxies"], {}
    )
    due = states.due_of(
        states.known_promises(promises, frames["contracts"], DAY), frames["milestones"], SV.end
    )
    yield "targeted", total(due)
    yield "committed", total(due[due["stage"] == "committed"])
    yield "due", total(due, "due_value_pence")
    for row in due.itertuples():
        yield f"due.{row.commitment_id}", pence(row.due_value_pence)
        yield f"due.{row.commitment_id}.quantity", row.due_quantity
    yield from against_promises(frames, to_date, due)
    yield from people(frames, counted)


def against_promises(
    frames: dict[str, pd.DataFrame], to_date: pd.DataFrame, due: pd.DataFrame
) -> Iterator[tuple[str, Decimal | int | None]]:
    """What was claimed up to what was due of each promise, beyond it, and what is still owed."""
    claims = to_date[to_date["commitment_id"].notna()]
    for stage, rows in (("claimed", claims), ("validated", claims[claims["state"] == "validated"])):
        counted = delivery.towards_due(rows, due)
        for ref, part in counted.groupby("commitment_id"):
            yield f"towards.{stage}.{ref}", total(part, "towards_pence")
        yield f"towards.{stage}", total(counted, "towards_pence")
        yield (
            f"beyond.{stage}",
            pence(counted["value_pence"].sum() - counted["towards_pence"].sum()),
        )
    yield from two_promises()
    ending = pipeline.ending(frames["contracts"], delivery.still_owed(due, to_date), DAY)
    yield "ending.contracts", len(ending)
    for row in ending.itertuples():
        yield f"ending.{row.contract_id}.undelivered", pence(row.owed_pence)


def two_promises() -> Iterator[tuple[str, Decimal | int]]:
    """The page's case of one promise kept beyond what was due and one that is not."""
    drawing = re.findall(r"^```two_promises\n(.*?)^```", PAGE, flags=re.M | re.S)[0]
    heads, *rows = [[cell.strip() for cell in line.split("|")] for line in drawing.splitlines()]
    drawn_rows = pd.DataFrame(rows, columns=heads)
    case = drawn_rows.astype(dict.fromkeys(heads[1:], "int64"))
    claims = case.assign(claim_id=case["commitment_id"], period_end=pd.Timestamp(SV.end))
    counted = int(delivery.towards_due(claims, case)["towards_pence"].sum())
    due = int(case["due_value_pence"].sum())
    yield "two_promises.rate", Decimal(counted * 100) / due
    yield "two_promises.beyond", int(case["value_pence"].sum()) - counted
    yield "two_promises.owed", due - counted


def people(
    frames: dict[str, pd.DataFrame], counted: pd.DataFrame
) -> Iterator[tuple[str, Decimal | int]]:
    """The beneficiary lens and reach."""
    rows = lenses.beneficiary(
        counted[counted["counts_people"]], frames["beneficiaries"], frames["deprivation"]
    )
    for place, part in rows.groupby("place"):
        yield f"people.{place}", int(part["headcount"].sum())
        yield (
            f"apprentice_weeks.{place}",
            sum(part.loc[part["measure_ref"] == "NT10", "quantity"], Decimal(0)),
        )
    for decile in (1, 2):
        for name, group, column in (
            ("people", reach.classify(rows, decile), "headcount"),
            ("residents", reach.classify(frames["deprivation"], decile), "residents"),
        ):
            yield (
                f"reach.{name}.{decile}0",
                int(group.loc[group["group"] == "most deprived", column].sum()),
            )

    here = reach.classify(rows, 1)
    known = here[here["group"].isin([reach.MOST_DEPRIVED, reach.ELSEWHERE_HERE])]
    effects = reach.with_design_effect(known)["design_effect"]
    yield "reach.design_effect.10", sum(effects, Decimal(0))


def bounds() -> Iterator[tuple[str, Decimal | None]]:
    """Reach with its joint interval, and the forecast with its range."""
    parts = 35, 98, Decimal("21.1"), 31, 1
    yield "reach.joint.low", reach.joint_low(*parts)
    yield "reach.joint.high", reach.joint_high(*parts)
    quarters = {"central": (4200_00, 6000_00), "low": (500_00, 1000_00), "high": (900_00, 1000_00)}
    for case, of_quarters in quarters.items():
        yield f"forecast.{case}", pence(forecast.year_end(1400_00, 2000_00, *of_quarters))


def money(frames: dict[str, pd.DataFrame]) -> Iterator[tuple[str, Decimal | None]]:
    """Spend, two lenses and the bridge."""
    placed = local_spend.place(
        frames["payments"], frames["suppliers"], frames["postcodes"], council()
    )
    now, before = (
        placed[placed["paid_on"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
        for period in (SPEND, SPEND_BEFORE)
    )
    yield "spend", total(now, "amount_pence")
    for name, column in (("geography", "geography"), ("lens.supplier", "ward_code")):
        for key, rows in now.groupby(column):
            yield f"{'spend' if name == 'geography' else name}.{key}", total(rows, "amount_pence")
    yield "spend.addressable", total(now[now["is_addressable"] == "yes"], "amount_pence")
    yield "spend.sme", total(now[now["is_sme"] == "yes"], "amount_pence")
    yield "spend.redacted", total(now[now["is_redacted"]], "amount_pence")
    first = suppliers.first_time(placed, frames["suppliers"], SPEND)
    yield "spend.first_time", total(first[first["first_time"] == "yes"], "amount_pence")
    works = [lenses.works(rows, frames["contract_places"]) for rows in (now, before)]
    for place, rows in works[0].groupby("place"):
        yield f"lens.works.{place}", total(rows, "amount_pence")
    changes = bridge.contracts(*works, frames["contracts"], SPEND, SPEND_BEFORE)
    yield "bridge.change", total(changes, "change_pence")
    for (place, cause), rows in changes.groupby(["place", "cause"]):
        yield f"bridge.{place}.{cause}", total(rows, "change_pence")


def published() -> Iterator[tuple[str, Decimal]]:
    """The launch prices of 2017, for one unit each."""
    for name in ("disabled_person", "transport_co2", "volunteer_hour"):
        price = EXPECTED[f"launch.{name}"]
        assert price is not None
        yield (
            f"launch.{name}",
            Decimal(valuation.value_in_pence(Decimal(1), price, Decimal(1), Decimal(0))) / 100,
        )


@pytest.fixture(scope="module")
def computed() -> dict[str, Decimal | int | None]:
    frames = drawn()
    return dict([*method(frames), *money(frames), *published(), *bounds()])


@pytest.mark.parametrize("name", EXPECTED)
def test_worked_by_hand(computed: dict[str, Decimal | int | None], name: str) -> None:
    assert computed[name] == EXPECTED[name]


def test_the_page_names_every_place_and_cause(computed: dict[str, Decimal | int | None]) -> None:
    """What the run finds and the page does not name would be a part that the hand-worked whole has
    lost.
    """
    families = ("lens.", "bridge.", "people.", "apprentice_weeks.", "ending.")
    assert {name for name in computed if name.startswith(families)} <= set(EXPECTED)


def test_there_are_at_least_forty() -> None:
    assert len(EXPECTED) >= 40


def ledger_of(rows: list[list[str]]) -> pd.DataFrame:
    """A ledger in which each authority pays a firm of its own place what is local, and one
    elsewhere the rest.
    """
    paid = [
        f"{name} | {supplier} | {amount}"
        for name, total_paid, local, _ in rows
        for supplier, amount in (
            ("S1", Decimal(local)),
            ("S2", Decimal(total_paid) - Decimal(local)),
        )
    ]
    payments = frame("payments", "directorate | supplier_id | amount\n" + "\n".join(paid))
    frames = drawn()
    return local_spend.place(payments, frames["suppliers"], frames["postcodes"], council())


def one_decimal(share: Fraction) -> Decimal:
    return Decimal(valuation.half_up(share * 1000)).scaleb(-1)


def local_share(rows: pd.DataFrame) -> Fraction:
    local = rows.loc[rows["geography"] == "rotherham", "amount_pence"].sum()
    return Fraction(int(local), int(rows["amount_pence"].sum()))


AUTHORITIES = [row for row in SHARES if row[0] not in ("All", "average of the ten shares")]
LEDGER = ledger_of(AUTHORITIES)


@pytest.mark.parametrize("row", AUTHORITIES, ids=lambda row: row[0])
def test_local_share_as_published(row: list[str]) -> None:
    assert one_decimal(local_share(LEDGER[LEDGER["directorate"] == row[0]])) == Decimal(row[3])


def test_the_mean_of_shares_is_not_the_share_of_all() -> None:
    """The trap: 53.8% is the mean of ten shares, 61.7% the share of all that was spent."""
    assert len(AUTHORITIES) == 10
    summary = {row[0]: row for row in SHARES}
    assert LEDGER["amount_pence"].sum() == Decimal(summary["All"][1]) * 100
    assert one_decimal(local_share(LEDGER)) == Decimal(summary["All"][3])
    shares = [local_share(rows) for _, rows in LEDGER.groupby("directorate")]
    assert one_decimal(Fraction(sum(shares), 10)) == Decimal(
        summary["average of the ten shares"][3]
    )
