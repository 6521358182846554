"""Three lenses: parts make the whole to the penny and the person, and not known is a place of its
own.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from frames import EAST, WEST, blank, frame
from hypothesis import given, settings
from hypothesis import strategies as st

from sv_lib.analysis.lenses import apportion, beneficiary, residents, supplier, works
from sv_lib.money import split

D = Decimal
DEPRIVATION = frame(
    "deprivation",
    f"lsoa_code | ward_code | imd_decile | residents\nL1 | {EAST} | 1 | 1500\nL2 | "
    f"{WEST} | 5 | 1600",
)
SHARES = frame(
    "contract_places",
    f"contract_id | place | share\nC1 | {WEST} | 0.3\nC1 | {EAST} | 0.7\nC2 | outside | 1",
)


def test_supplier_lens_is_the_suppliers_ward() -> None:
    placed = frame("payments", "amount\n1\n2").assign(ward_code=[EAST, "not known"])
    assert supplier(placed.iloc[::-1])["place"].tolist() == ["not known", EAST]


def test_works_are_split_by_the_contracts_shares() -> None:
    payments = frame(
        "payments", "contract_id | amount\nC1 | 0.05\n | 1\nC2 | -3\nC3 | 4\nC1 | -0.05"
    )
    rows = works(payments, SHARES)
    assert list(zip(rows["source_row"], rows["place"], rows["amount_pence"], strict=True)) == [
        (2, EAST, 4),
        (2, WEST, 1),
        (3, "not known", 100),
        (4, "outside", -300),
        (5, "not known", 400),
        (6, EAST, -4),
        (6, WEST, -1),
    ]
    assert rows["amount_pence"].dtype == "int64"


def test_works_without_places_or_payments() -> None:
    assert works(frame("payments", "contract_id\nC1"), frame("contract_places"))[
        "place"
    ].tolist() == ["not known"]
    assert len(works(frame("payments"), SHARES)) == 0


def test_claims_are_split_by_places_with_their_people_and_quantities() -> None:
    claims = frame(
        "returns", "contract_id | quantity | headcount\nC1 | 1.5 | 3\nC9 | 2 |\nC1 | -0.1 | "
    )
    rows = works(claims, SHARES)
    assert list(
        zip(rows["place"], rows["quantity"], rows["headcount"].fillna(-1), strict=True)
    ) == [
        (EAST, D("1.05"), 2),
        (WEST, D("0.45"), 1),
        ("not known", 2, -1),
        (EAST, D("-0.07"), -1),
        (WEST, D("-0.03"), -1),
    ]


def test_payments_follow_the_homes_of_their_contracts_people() -> None:
    people = pd.DataFrame(
        {
            "contract_id": ["C1", "C1", "C1", "C2"],
            "place": [EAST, "not known", EAST, WEST],
            "headcount": pd.array([1, 1, 1, 0], dtype="Int64"),
        }
    )
    payments = frame("payments", "contract_id | amount\nC1 | 0.05\nC2 | 1\n | -2")
    rows = residents(payments, people)
    assert list(zip(rows["place"], rows["amount_pence"], strict=True)) == [
        (EAST, 3),
        ("not known", 2),
        ("not known", 100),
        ("not known", -200),
    ]


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        (("0.3", "0.6"), "contract C1 do not sum"),
        (("0.3333333333", "0.6666666667"), "more than nine decimal places"),
    ],
)
def test_unsound_shares_are_refused(shares: tuple[str, str], says: str) -> None:
    drawing = f"contract_id | place | share\nC1 | {EAST} | {shares[0]}\nC1 | {WEST} | {shares[1]}"
    with pytest.raises(ValueError, match=says):
        works(frame("payments", "contract_id\nC1"), frame("contract_places", drawing))


THIRDS = blank("payments", 6).assign(contract_id="C1")


@given(
    amounts=st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=6),
    cuts=st.lists(st.integers(0, 10**6), min_size=0, max_size=4),
    data=st.data(),
)
def test_works_add_up_as_money_split_does(
    amounts: list[int], cuts: list[int], data: st.DataObject
) -> None:
    ends = [0, *sorted(cuts), 10**6]
    shares = [D(b - a).scaleb(-6) for a, b in pairwise(ends)]
    names = [f"ward {n}" for n in range(len(shares))]
    places = pd.DataFrame(
        {"contract_id": "C1", "place": names, "share": pd.Series(shares, dtype="object")}
    )
    payments = THIRDS.head(len(amounts)).assign(amount_pence=amounts)
    order = data.draw(st.permutations(range(len(places))))
    rows = works(payments, places.iloc[list(order)])
    assert rows.groupby("source_row")["amount_pence"].sum().tolist() == amounts
    assert rows["amount_pence"].tolist() == [
        part for amount in amounts for part in split(amount, shares)
    ]


@given(
    parts=st.lists(
        st.lists(st.integers(0, 10**9), min_size=1, max_size=5).filter(any), min_size=1, max_size=5
    ),
    totals=st.data(),
)
def test_apportion_loses_nothing(parts: list[list[int]], totals: st.DataObject) -> None:
    row = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    total = np.array([totals.draw(st.integers(-(10**15), 10**15)) for _ in parts], dtype=np.int64)[
        row
    ]
    weight = np.array([weight for part in parts for weight in part], dtype=np.int64)
    whole = np.array([sum(part) for part in parts], dtype=np.int64)[row]
    made = apportion(row, total, weight, whole)
    for n in range(len(parts)):
        assert made[row == n].sum() == total[row == n][0]
        assert not made[row == n][weight[row == n] == 0].any() or total[row == n][0] % 1 == 0
    exact = [int(t) * int(w) // int(h) for t, w, h in zip(abs(total), weight, whole, strict=True)]
    assert all(0 <= abs(int(got)) - least <= 1 for got, least in zip(made, exact, strict=True))


def claims(drawing: str, value: int | None = 1000) -> pd.DataFrame:
    rows = frame("returns", drawing)
    return rows.assign(value_pence=pd.Series([value] * len(rows), dtype="Int64"))


def gained(rows: pd.DataFrame) -> list[tuple[object, ...]]:
    columns = ["claim_id", "place", "imd_decile", "headcount", "quantity", "value_pence"]
    return [
        tuple(None if pd.isna(value) else value for value in row)
        for row in rows[columns].itertuples(index=False)
    ]


def test_people_are_placed_by_their_homes() -> None:
    homes = frame(
        "beneficiaries",
        """
        claim_id | home_lsoa_code | headcount
        R1       | L1             | 2
        R1       | L9             | 1
        R1       |                | 1
        R1       | L2             | 1
        """,
    )
    rows = beneficiary(claims("quantity | headcount\n9 | 6"), homes, DEPRIVATION)
    assert gained(rows) == [
        ("R1", EAST, 1, 2, D(3), 333),
        ("R1", WEST, 5, 1, D("1.5"), 167),
        ("R1", "outside", None, 1, D("1.5"), 167),
        ("R1", "not known", None, 2, D(3), 333),
    ]
    assert rows["source_file"].unique().tolist() == ["inputs/returns.csv"]


@pytest.mark.parametrize(
    ("headcount", "homes", "expected"),
    [
        ("", "", [("R1", "not known", None, None, D(4), 1000)]),
        ("0", "", [("R1", "not known", None, None, D(4), 1000)]),
        ("2", "", [("R1", "not known", None, 2, D(4), 1000)]),
        ("", "R1 | L1 | 2", [("R1", EAST, 1, 2, D(4), 1000)]),
        ("1", "R1 | L1 | 2", [("R1", EAST, 1, 2, D(4), 1000)]),
        (
            "2",
            "R1 | L1 | 1",
            [("R1", EAST, 1, 1, D(2), 500), ("R1", "not known", None, 1, D(2), 500)],
        ),
        ("1", "R1 | L1 | 1\nR1 | L2 | 0", [("R1", EAST, 1, 1, D(4), 1000)]),
    ],
    ids=[
        "nothing known",
        "no people",
        "no homes",
        "no headcount",
        "more homes than people",
        "a home missing",
        "nought",
    ],
)
def test_people_and_homes_that_do_not_match(
    headcount: str, homes: str, expected: list[tuple[object, ...]]
) -> None:
    areas = frame("beneficiaries", f"claim_id | home_lsoa_code | headcount\n{homes}")
    assert (
        gained(beneficiary(claims(f"quantity | headcount\n4 | {headcount}"), areas, DEPRIVATION))
        == expected
    )


@pytest.mark.parametrize(
    ("column", "row", "expected"),
    [
        (
            " | people_started",
            ["2 | 1", "1 | 0"],
            [
                ("R1", EAST, 1, 1, D(2), 500),
                ("R1", WEST, 5, 0, D(1), 250),
                ("R1", "not known", None, 1, D(1), 250),
            ],
        ),
        (
            " | people_started",
            ["3 | 0", "1 | 0"],
            [
                ("R1", EAST, 1, 0, D(2), 500),
                ("R1", WEST, 5, 0, D("0.666667"), 167),
                ("R1", "not known", None, 2, D("1.333333"), 333),
            ],
        ),
        (
            "",
            ["1", "1"],
            [
                ("R1", EAST, 1, 1, D(1), 250),
                ("R1", WEST, 5, 1, D(1), 250),
                ("R1", "not known", None, 0, D(2), 500),
            ],
        ),
    ],
    ids=["one home missing", "the starters' homes missing", "blank: those who started"],
)
def test_a_quantity_is_split_by_everybody_and_people_by_those_who_started(
    column: str, row: list[str], expected: list[tuple[object, ...]]
) -> None:
    """Two started and four are in post."""
    homes = f"claim_id | home_lsoa_code | headcount{column}\nR1 | L1 | {row[0]}\nR1 | L2 | {row[1]}"
    rows = claims("quantity | people_started | people_in_post\n4 | 2 | 4")
    assert gained(beneficiary(rows, frame("beneficiaries", homes), DEPRIVATION)) == expected


@given(
    homes=st.lists(
        st.integers(0, 4).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
        min_size=1,
        max_size=4,
    ),
    started=st.integers(0, 6),
    in_post=st.integers(0, 6),
)
@settings(max_examples=100)
def test_nobody_who_started_is_lost_and_every_week_has_a_place(
    homes: list[tuple[int, int]], started: int, in_post: int
) -> None:
    lines = [f"R1 | L{n} | {people} | {began}" for n, (people, began) in enumerate(homes, start=1)]
    head = "claim_id | home_lsoa_code | headcount | people_started\n"
    claim = claims(f"quantity | people_started | people_in_post\n7 | {started} | {in_post}")
    rows = beneficiary(claim, frame("beneficiaries", head + "\n".join(lines)), DEPRIVATION)
    began = sum(one for _, one in homes)
    assert sum(rows["quantity"]) == 7
    assert rows["headcount"].fillna(0).sum() == (max(started, began) if started else 0)


def test_a_correction_follows_the_claim_it_corrects() -> None:
    rows = beneficiary(
        claims("quantity | headcount | corrects_claim_id\n4 | 2 |\n-2 | | R1\n-1 | | R9"),
        frame("beneficiaries", "claim_id | home_lsoa_code | headcount\nR1 | L1 | 1\nR1 | L2 | 1"),
        DEPRIVATION,
    )
    assert gained(rows)[2:] == [
        ("R2", EAST, 1, 0, D(-1), 500),
        ("R2", WEST, 5, 0, D(-1), 500),
        ("R3", "not known", None, 0, D(-1), 1000),
    ]


def test_what_has_no_price_stays_without_one() -> None:
    homes = frame("beneficiaries", "claim_id | home_lsoa_code | headcount\nR1 | L1 | 1")
    assert gained(beneficiary(claims("headcount\n1", None), homes, DEPRIVATION)) == [
        ("R1", EAST, 1, 1, D(1), None)
    ]


def test_homes_without_a_deprivation_table_are_not_known() -> None:
    homes = frame("beneficiaries", "claim_id | home_lsoa_code | headcount\nR1 | L1 | 1")
    rows = beneficiary(claims("headcount\n1"), homes, frame("deprivation"))
    assert rows["place"].tolist() == ["not known"]


def test_nothing_in_nothing_out() -> None:
    rows = beneficiary(claims(""), frame("beneficiaries"), DEPRIVATION)
    assert len(rows) == 0
    assert {"place", "imd_decile", "home_lsoa_code"} <= set(rows)


@given(
    people=st.lists(st.integers(0, 4), min_size=1, max_size=4),
    quantity=st.decimals(min_value=-100, max_value=1000, places=7),
    headcount=st.one_of(st.none(), st.integers(0, 12)),
)
@settings(max_examples=50)
def test_the_parts_of_a_claim_make_the_claim(
    people: list[int], quantity: Decimal, headcount: int | None
) -> None:
    claim = ONE.assign(
        quantity=pd.Series([quantity], dtype="object"),
        headcount=pd.Series([headcount], dtype="Int64"),
        value_pence=pd.Series([12345], dtype="Int64"),
    )
    homes = pd.DataFrame(
        {
            "claim_id": "R1",
            "home_lsoa_code": ["L1", "L2", "L9", None][: len(people)],
            "headcount": pd.Series(people, dtype="Int64"),
            "people_started": pd.Series([None] * len(people), dtype="Int64"),
            "person_key": pd.Series([None] * len(people), dtype="string"),
        }
    )
    rows = beneficiary(claim, homes, DEPRIVATION)
    assert sum(rows["quantity"]) == quantity
    assert rows["value_pence"].sum() == 12345
    told = max(headcount or 0, sum(people))
    assert rows["headcount"].sum() == (told if quantity else 0)


ONE = blank("returns", 1)
