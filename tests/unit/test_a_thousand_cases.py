"""What holds of every input holds of a thousand at once: each case has keys of its own, so none can
help another.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from random import Random

import pandas as pd
import pytest
from frames import EAST, WEST, blank, council, frame

from sv_lib.analysis import bridge, lenses, local_spend
from sv_lib.periods import Period
from sv_lib.toms import overlaps, series, states
from sv_lib.toms.measures import catalogue
from sv_lib.toms.valuation import value_claims, value_in_pence

CASES = 1000
OLD, NEW = "illustrative-2020", "illustrative-2022"
MEASURES = catalogue()
REFS = [*MEASURES, "XX9"]
PRICED = [ref for ref, measure in MEASURES.items() if measure.method == "proxy"]
CONTRACTS = frame("contracts", f"contract_id | edition\nC1 | {OLD}\nC2 | {NEW}")
PLACES = (EAST, WEST, "borough-wide", "outside", "not known")
QUARTERS = [
    ("2021-09-01", "2021-11-30"),
    ("2021-12-01", "2022-02-28"),
    ("2022-03-01", "2022-05-31"),
]


@pytest.fixture
def random() -> Random:
    """The same cases at every run."""
    return Random(2022)  # noqa: S311 no secret hangs on it


def decimals(
    random: Random, count: int, low: int = -(10**6), high: int = 10**9, places: int = 4
) -> pd.Series:
    return pd.Series(
        [Decimal(random.randint(low, high)).scaleb(-places) for _ in range(count)], dtype="object"
    )


def days(random: Random, count: int, first: str, span: int) -> pd.Series:
    return pd.Timestamp(first) + pd.to_timedelta(
        [random.randrange(span) for _ in range(count)], unit="D"
    ).to_series(index=range(count))


def returns(random: Random, count: int) -> pd.DataFrame:
    """Claims under any measure, one unknown among them, of two contracts, some of them split
    between suppliers.
    """
    quarters = pd.DataFrame(random.choices(QUARTERS, k=count), columns=["start", "end"]).apply(
        pd.to_datetime
    )
    return blank("returns", count).assign(
        measure_ref=random.choices(REFS, k=count),
        contract_id=random.choices(["C1", "C2", "C9"], k=count),
        quantity=decimals(random, count),
        attribution=decimals(random, count, 0, 10**4),
        headcount=pd.Series(random.choices([None, 0, 1, 2, 7, 30], k=count), dtype="Int64"),
        period_start=quarters["start"],
        period_end=quarters["end"],
        reported_on=days(random, count, "2022-06-01", 60),
    )


def proxies(random: Random) -> pd.DataFrame:
    pairs = [(ref, edition) for ref in PRICED for edition in (OLD, NEW)]
    made = blank("proxies", len(pairs)).assign(proxy=decimals(random, len(pairs), 0, 10**8))
    return made.assign(
        measure_ref=[ref for ref, _ in pairs], edition=[edition for _, edition in pairs]
    )


def mixed(rows: pd.DataFrame, random: Random) -> pd.DataFrame:
    return rows.iloc[random.sample(range(len(rows)), len(rows))]


def of_people(random: Random) -> pd.DataFrame:
    """Claims with the homes of their people, for the lens of who gained."""
    return pd.DataFrame(
        {
            "claim_id": [f"R{random.randint(1, CASES)}" for _ in range(2 * CASES)],
            "home_lsoa_code": random.choices(["L1", "L2", "L9", None], k=2 * CASES),
            "headcount": pd.Series([random.randint(0, 5) for _ in range(2 * CASES)], dtype="Int64"),
            "people_started": pd.Series([None] * (2 * CASES), dtype="Int64"),
            "person_key": pd.Series([None] * (2 * CASES), dtype="string"),
        }
    )


def test_the_order_of_claims_never_matters_to_their_value(random: Random) -> None:
    rows, prices = returns(random, CASES), proxies(random)
    straight, shuffled = (
        value_claims(
            one, mixed(CONTRACTS, random), MEASURES, mixed(prices, random), {"NT1": Decimal(10)}
        )
        for one in (rows, mixed(rows, random))
    )
    again = shuffled.set_index("claim_id").loc[straight["claim_id"]].reset_index()
    pd.testing.assert_frame_equal(again[straight.columns], straight)


def test_what_is_recorded_only_adds_nothing_and_nothing_without_a_price_is_nought(
    random: Random,
) -> None:
    made = value_claims(returns(random, CASES), CONTRACTS, MEASURES, proxies(random), {})
    is_priced = made["pricing"].eq("priced")
    assert made["value_pence"].notna().eq(is_priced).all()
    assert made["value_pence"].sum() == made.loc[is_priced, "value_pence"].sum()
    assert made["pricing"].nunique() == 3
    assert made.loc[made["measure_ref"].isin(["NT39", "RM1"]), "value_pence"].isna().all()


def test_twice_the_quantity_is_twice_the_value(random: Random) -> None:
    """Of a product in whole pence exactly; of any other to the penny that rounding once may move
    each of them.
    """
    rows, prices = returns(random, CASES), proxies(random)
    once, twice = (
        value_claims(
            rows.assign(quantity=rows["quantity"] * times), CONTRACTS, MEASURES, prices, {}
        )["value_pence"]
        for times in (1, 2)
    )
    assert (twice - 2 * once).dropna().abs().max() <= 1
    whole = rows.assign(quantity=rows["quantity"] * 10**4, attribution=Decimal(1))
    pennies = prices.assign(proxy=prices["proxy"] * 10**2)
    once, twice = (
        value_claims(
            whole.assign(quantity=whole["quantity"] * times), CONTRACTS, MEASURES, pennies, {}
        )["value_pence"]
        for times in (1, 2)
    )
    assert twice.dropna().eq(2 * once.dropna()).all()


def test_the_order_of_claims_never_matters_to_what_is_blocked(random: Random) -> None:
    rows = returns(random, 4 * CASES).assign(activity_key=[f"K{n // 4}" for n in range(4 * CASES)])
    straight, shuffled = overlaps.mark(rows, MEASURES), overlaps.mark(mixed(rows, random), MEASURES)
    pd.testing.assert_frame_equal(shuffled.sort_index(), straight)
    counted = straight[~straight["is_blocked"]]
    assert set(counted["activity_key"]) == set(straight["activity_key"])
    assert straight.loc[straight["is_blocked"], "shares_with"].isin(counted["claim_id"]).all()


def test_of_two_claims_that_share_the_later_is_blocked_whichever_it_is(random: Random) -> None:
    rows = returns(random, 2 * CASES).assign(activity_key=[f"K{n // 2}" for n in range(2 * CASES)])
    first, second = pd.Timestamp("2022-06-01"), pd.Timestamp("2022-06-02")
    marked = [
        overlaps.mark(rows.assign(reported_on=[first, second][::step] * CASES), MEASURES)[
            "is_blocked"
        ].to_numpy()
        for step in (1, -1)
    ]
    assert not marked[0][::2].any()
    assert not marked[1][1::2].any()
    assert (marked[0][1::2] == marked[1][::2]).all()
    assert 0 < marked[0].sum() < CASES


def test_no_more_falls_due_than_was_promised_in_any_order(random: Random) -> None:
    promises = value_claims(
        blank("commitments", CASES).assign(
            measure_ref=random.choices(REFS, k=CASES),
            contract_id=[f"C{n}" for n in range(CASES)],
            quantity=decimals(random, CASES, 0),
            attribution=decimals(random, CASES, 0, 10**4),
        ),
        CONTRACTS,
        MEASURES,
        proxies(random),
        {},
    )
    starts = days(random, CASES, "2020-01-01", 900)
    contracts = blank("contracts", CASES).assign(
        contract_id=[f"C{n}" for n in range(CASES)],
        starts_on=starts,
        ends_on=starts + pd.to_timedelta([random.randrange(1500) for _ in range(CASES)], unit="D"),
    )
    nothing = frame("milestones")
    known = states.known_promises(promises, contracts, date(2027, 1, 1))
    due = {
        day: states.due_of(known, nothing, day)
        for day in (date(2021, 6, 30), date(2022, 6, 30), date(2030, 1, 1))
    }
    amounts = [rows["due_quantity"] for rows in due.values()]
    assert all((early >= 0).all() and (early <= late).all() for early, late in pairwise(amounts))
    assert due[date(2030, 1, 1)]["due_quantity"].tolist() == promises["quantity"].tolist()
    assert due[date(2030, 1, 1)]["due_value_pence"].equals(promises["value_pence"])
    shuffled = states.known_promises(
        mixed(promises, random), mixed(contracts, random), date(2022, 6, 30)
    )
    again = states.due_of(shuffled, nothing, date(2022, 6, 30))
    again = again.set_index("commitment_id").loc[promises["commitment_id"], "due_quantity"]
    assert again.tolist() == due[date(2022, 6, 30)]["due_quantity"].tolist()


def test_the_parts_of_a_lens_make_the_whole(random: Random) -> None:
    shares = _places(random)
    paid = blank("payments", CASES).assign(
        contract_id=[f"C{n}" if random.random() < 0.8 else None for n in range(CASES)],
        amount_pence=[random.randint(-(10**11), 10**11) for _ in range(CASES)],
    )
    by_place = lenses.works(paid, shares)
    parts = by_place.groupby("payment_id")["amount_pence"].sum()
    assert parts.loc[paid["payment_id"]].tolist() == paid["amount_pence"].tolist()
    assert set(by_place["place"]) == set(PLACES)
    assert (
        lenses.works(mixed(paid, random), mixed(shares, random))
        .groupby("place")["amount_pence"]
        .sum()
        .equals(by_place.groupby("place")["amount_pence"].sum())
    )


def _places(random: Random) -> pd.DataFrame:
    """Shares of every contract over one to five places, that sum to 1."""
    rows = []
    for number in range(CASES):
        chosen = random.sample(PLACES, random.randint(1, len(PLACES)))
        cuts = sorted(random.sample(range(1, 10**6), len(chosen) - 1))
        sizes = [high - low for low, high in zip([0, *cuts], [*cuts, 10**6], strict=True)]
        rows += [
            (f"C{number}", place, Decimal(size).scaleb(-6))
            for place, size in zip(chosen, sizes, strict=True)
        ]
    return pd.DataFrame(rows, columns=["contract_id", "place", "share"])


def test_the_homes_of_a_claims_people_make_the_claim(random: Random) -> None:
    claims = returns(random, CASES).assign(
        value_pence=[random.randint(-(10**9), 10**9) for _ in range(CASES)]
    )
    areas = frame(
        "deprivation", f"lsoa_code | ward_code | imd_decile\nL1 | {EAST} | 1\nL2 | {WEST} | 7"
    )
    parts = lenses.beneficiary(claims, of_people(random), areas).groupby("claim_id")
    assert (
        parts["value_pence"].sum().loc[claims["claim_id"]].tolist()
        == claims["value_pence"].tolist()
    )
    assert parts["quantity"].sum().loc[claims["claim_id"]].tolist() == claims["quantity"].tolist()


def test_every_payment_has_one_place_and_one_kind(random: Random) -> None:
    postcodes = frame(
        "postcodes",
        f"postcode | ward_code | lad_code\nS1 1AA | {EAST} | E08000018\nS1 2HH | | E08000039",
    )
    firms = blank("suppliers", 50).assign(
        postcode=random.choices(["S1 1AA", "s12hh", "ZZ1 1ZZ", None], k=50),
        size=random.choices(["micro", "large", None], k=50),
    )
    paid = blank("payments", CASES).assign(
        supplier_id=random.choices([*firms["supplier_id"], "S99", None], k=CASES),
        amount_pence=[random.randint(-(10**11), 10**11) for _ in range(CASES)],
    )
    placed = local_spend.place(paid, firms, postcodes, council())
    assert placed["payment_id"].tolist() == paid["payment_id"].tolist()
    for column in ("geography", "ward_code", "size", "is_sme", "is_vcse", "is_addressable"):
        assert (
            placed.groupby(column, dropna=False)["amount_pence"].sum().sum()
            == paid["amount_pence"].sum()
        )
        assert placed[column].notna().all()


def test_the_bridge_of_editions_adds_to_nought_pence(random: Random) -> None:
    """One measure a case, so that each has a bridge of its own."""
    this, before = (_claims_of_measures(random) for _ in range(2))
    lines = series.bridge(this, before)
    _adds_up(
        lines.groupby("measure_ref")["change_pence"].sum(),
        this,
        before,
        "measure_ref",
        "value_pence",
    )
    assert set(lines["cause"]) == set(series.CAUSES)
    again = series.bridge(mixed(this, random), mixed(before, random))
    pd.testing.assert_frame_equal(series.by_measure(again), series.by_measure(lines))


def _claims_of_measures(random: Random) -> pd.DataFrame:
    """Up to three priced claims under each measure."""
    rows = []
    for number in range(CASES):
        for _ in range(random.randint(0, 3)):
            told = (
                random.randint(-500, 2000),
                random.choice(["200", "250.125", "0.6"]),
                random.choice(["1", "0.3333"]),
            )
            quantity, proxy, share = (Decimal(one) for one in told)
            value = value_in_pence(quantity, proxy, share, Decimal(0))
            rows.append((f"NT{number}", quantity, proxy, share, Decimal(0), value))
    names = ["measure_ref", "quantity", "proxy", "attribution", "deadweight_pct", "value_pence"]
    made = pd.DataFrame(rows, columns=names).astype({"value_pence": "Int64"})
    rows_of = {"source_file": "returns.csv", "source_row": range(2, len(rows) + 2)}
    return made.assign(**rows_of, counts_people=False, headcount=pd.NA)


def test_the_bridge_of_contracts_adds_to_nought_pence(random: Random) -> None:
    """Contracts, suppliers and wards of its own for each case; a contract may end, begin, be let
    again or go on.
    """
    starts, lengths = (
        days(random, 3 * CASES, "2019-01-01", 1200),
        [random.randrange(1500) for _ in range(3 * CASES)],
    )
    register = blank("contracts", 3 * CASES).assign(
        contract_id=[f"C{n}" for n in range(3 * CASES)],
        starts_on=starts,
        supplier_id=[f"S{n // 3}" for n in range(3 * CASES)],
        ends_on=starts + pd.to_timedelta(lengths, unit="D"),
        predecessor_id=[
            f"C{n - 1}" if n % 3 and random.random() < 0.5 else None for n in range(3 * CASES)
        ],
    )
    this, before = (_paid_in_places(random) for _ in range(2))
    periods = [Period(date(year, 4, 1), date(year + 1, 3, 31)) for year in (2021, 2020)]
    rows = bridge.contracts(this, before, register, *periods)
    _adds_up(rows.groupby("place")["change_pence"].sum(), this, before, "place", "amount_pence")
    assert set(rows["cause"]) == set(bridge.CAUSES)
    causes = rows.groupby(["place", "cause"])["change_pence"].sum().unstack(fill_value=0)
    change = rows.groupby("place")["change_pence"].sum()
    assert (causes[list(bridge.CAUSES)].sum(axis="columns") - change).eq(0).all(), "six add to 0p"
    _no_cause_but_what_the_dates_say(rows, register, *periods)
    again = bridge.contracts(
        mixed(this, random), mixed(before, random), mixed(register, random), *periods
    )
    totals = [one.groupby(["place", "cause"])["change_pence"].sum() for one in (rows, again)]
    pd.testing.assert_series_equal(*totals)
    table = bridge.by_contract(rows)
    assert table["change_pence"].equals(table["this_pence"] - table["before_pence"])


def _no_cause_but_what_the_dates_say(
    rows: pd.DataFrame, register: pd.DataFrame, this: Period, before: Period
) -> None:
    """What goes on runs on after the later period; what ended within it has its last day there."""
    dates = register.set_index("contract_id")[["starts_on", "ends_on"]]
    dated = rows[rows["contract_id"].notna()].join(dates, on="contract_id")
    opens, closes = pd.Timestamp(this.start), pd.Timestamp(this.end)
    last = {cause: mine["ends_on"] for cause, mine in dated.groupby("cause")}
    assert (last["continuing"] > closes).all()
    assert last["ended within"].between(opens, closes).all()
    assert (last["ended"] < opens).all()
    assert (dated.loc[dated["cause"] == "new", "starts_on"] > pd.Timestamp(before.end)).all()
    relet = dated[dated["cause"] == "re-let"]
    ids = relet["line_id"] + ", " + relet["successor_id"]
    named = zip(relet["contract_id"], ids.str.split(", "), strict=True)
    assert all(contract in line for contract, line in named)


def _paid_in_places(random: Random) -> pd.DataFrame:
    """Up to three amounts a case: under one of its contracts or outside them, in one of its two
    wards or not known.
    """
    rows = [
        (
            random.choice([f"C{3 * case}", f"C{3 * case + 1}", f"C{3 * case + 2}", None]),
            f"S{case}",
            random.choice([f"W{case}", f"V{case}", "not known"]),
            random.randint(-(10**9), 10**9),
        )
        for case in range(CASES)
        for _ in range(random.randint(0, 3))
    ]
    made = pd.DataFrame(rows, columns=["contract_id", "supplier_id", "place", "amount_pence"])
    return made.astype(dict.fromkeys(("contract_id", "supplier_id", "place"), "string"))


def _adds_up(
    changes: pd.Series, this: pd.DataFrame, before: pd.DataFrame, key: str, amount: str
) -> None:
    """The causes of every case make the difference of its two periods."""
    sides = [rows.groupby(key)[amount].sum() for rows in (this, before)]
    meant = sides[0].sub(sides[1], fill_value=0)
    assert (changes.reindex(meant.index, fill_value=0) == meant).all()
    assert len(meant) > CASES // 2
