"""Each payment gets its supplier's place and kind; what is not known is its own class and nothing
is lost.
"""

from __future__ import annotations

import pandas as pd
import pytest
from frames import EAST, WEST, council, frame

from sv_lib.analysis.local_spend import place, tier_two

POSTCODES = frame(
    "postcodes",
    f"""
    postcode | ward_code  | lad_code  | region_code
    S65 1AA  | {EAST}     | E08000018 | E12000003
    S60 2BB  | {WEST}     | E08000018 | E12000003
    S61 9ZZ  | E05001089  | E08000018 | E12000003
    S62 9ZZ  |            | E08000018 | E12000003
    S1 2HH   | E05010000  | E08000039 | E12000003
    LS1 1UR  | E05011000  | E08000035 | E12000003
    EC3N 2LB | E05009000  | E09000001 | E12000007
    """,
)


def one(
    supplier: str = "postcode | size | is_vcse\nS65 1AA | small | yes",
    payment: str = "supplier_id\nS1",
    postcodes: pd.DataFrame = POSTCODES,
) -> dict[str, object]:
    placed = place(frame("payments", payment), frame("suppliers", supplier), postcodes, council())
    return placed.iloc[0].to_dict()


@pytest.mark.parametrize(
    ("postcode", "ward", "geography"),
    [
        ("S65 1AA", EAST, "rotherham"),
        ("s651aa", EAST, "rotherham"),
        ("S65  1AA", EAST, "rotherham"),
        ("S61 9ZZ", "not known", "rotherham"),
        ("S62 9ZZ", "not known", "rotherham"),
        ("S1 2HH", "outside", "south-yorkshire"),
        ("LS1 1UR", "outside", "yorkshire-and-the-humber"),
        ("EC3N 2LB", "outside", "elsewhere"),
        ("XX1 1XX", "not known", "not known"),
        ("", "not known", "not known"),
    ],
    ids=[
        "own ward",
        "lower case",
        "two spaces",
        "ward of another vintage",
        "no ward",
        "next ring",
        "region",
        "elsewhere",
        "not in the lookup",
        "blank",
    ],
)
def test_where_a_supplier_is(postcode: str, ward: str, geography: str) -> None:
    row = one(f"postcode\n{postcode}")
    assert (row["ward_code"], row["geography"]) == (ward, geography)


@pytest.mark.parametrize(
    ("size", "sme"),
    [("micro", "yes"), ("small", "yes"), ("medium", "yes"), ("large", "no"), ("", "not known")],
)
def test_size(size: str, sme: str) -> None:
    row = one(f"postcode | size\nS65 1AA | {size}")
    assert (row["size"], row["is_sme"]) == (size or "not known", sme)


@pytest.mark.parametrize(("vcse", "answer"), [("yes", "yes"), ("no", "no"), ("", "not known")])
def test_vcse(vcse: str, answer: str) -> None:
    assert one(f"postcode | is_vcse\nS65 1AA | {vcse}")["is_vcse"] == answer


@pytest.mark.parametrize(
    ("category", "answer"),
    [("construction", "yes"), ("grants and levies", "no"), ("", "not known")],
)
def test_addressable(category: str, answer: str) -> None:
    assert one(payment=f"category | amount\n{category} | 1")["is_addressable"] == answer


@pytest.mark.parametrize(("supplier", "is_redacted"), [("S1", False), ("S9", False), ("", True)])
def test_redacted_is_not_the_same_as_not_in_the_list(supplier: str, is_redacted: bool) -> None:
    row = one(payment=f"supplier_id | amount\n{supplier} | 1")
    assert row["is_redacted"] is is_redacted
    assert row["geography"] == ("rotherham" if supplier == "S1" else "not known")


def test_nothing_is_known_without_a_lookup_and_nothing_is_lost() -> None:
    row = one(postcodes=frame("postcodes"))
    assert (row["ward_code"], row["geography"], row["size"]) == ("not known", "not known", "small")


def test_without_suppliers_everything_is_not_known() -> None:
    payments = frame("payments", "amount\n10\n20")
    placed = place(payments, frame("suppliers"), frame("postcodes"), council())
    assert (
        placed[["ward_code", "geography", "size", "is_sme", "is_vcse"]]
        .eq("not known")
        .all(axis=None)
    )
    pd.testing.assert_frame_equal(placed[payments.columns], payments)


def test_rows_stay_in_their_order_and_keep_their_source() -> None:
    payments = frame("payments", "supplier_id | amount\nS2 | 1\nS1 | 2\n | 3\nS2 | 4")
    suppliers = frame("suppliers", "supplier_id | postcode\nS1 | S65 1AA\nS2 | S1 2HH\n")
    placed = place(payments.iloc[1:], suppliers, POSTCODES, council())
    assert placed["amount_pence"].tolist() == [200, 300, 400]
    assert placed["source_row"].tolist() == [3, 4, 5]
    assert placed["geography"].tolist() == ["rotherham", "not known", "south-yorkshire"]


def test_string_columns_of_the_other_kind_will_do() -> None:
    payments = frame("payments", "supplier_id\nS1\n").astype(
        {"supplier_id": "string", "category": "string"}
    )
    suppliers = frame("suppliers", "postcode\nS65 1AA").astype(
        {"supplier_id": "string", "postcode": "string"}
    )
    assert place(payments, suppliers, POSTCODES, council())["ward_code"].tolist() == [EAST]


def test_tier_two_by_ring() -> None:
    chain = frame(
        "supply_chain",
        """
        contract_id | period_end | kind         | postcode | amount | basis
        C1          | 2022-05-31 | materials    | S60 2BB  | 10     | declared
        C1          | 2022-05-31 | sub-contract | S1 2HH   | 20     | evidenced
        C1          | 2022-05-31 | materials    |          | 30     | declared
        """,
    )
    placed = tier_two(chain, POSTCODES, council())
    assert placed["geography"].tolist() == ["rotherham", "south-yorkshire", "not known"]
    assert placed["ward_code"].tolist() == [WEST, "outside", "not known"]
    assert placed["amount_pence"].tolist() == [1000, 2000, 3000]
    assert len(tier_two(frame("supply_chain"), POSTCODES, council())) == 0
