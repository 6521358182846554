"""The trail adds exactly, keeps the rows, refuses what it cannot vouch for, and forgets what is
hidden.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sv_lib.figures.figure import ROUNDED, Figure
from sv_lib.figures.operations import PERCENT
from sv_lib.figures.trail import Trail, slug
from sv_lib.periods import Period

YEAR = Period(date(2021, 4, 1), date(2022, 3, 31))
AMOUNTS = st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=30)


def rows(amounts: list[int] | list[Decimal], column: str = "amount_pence") -> pd.DataFrame:
    """A frame as intake gives it; Decimals stay objects."""
    kind = "object" if amounts and isinstance(amounts[0], Decimal) else "int64"
    return pd.DataFrame(
        {
            "source_file": ["payments.csv"] * len(amounts),
            "source_row": range(2, len(amounts) + 2),
            column: pd.Series(amounts, dtype=kind),
        }
    )


def total(trail: Trail, figure_id: str, amounts: list[int] | list[Decimal]) -> Figure:
    return trail.total(
        figure_id, figure_id, rows(amounts), "amount_pence", "pence", YEAR, "sum of the amounts"
    )


def test_a_total_is_the_sum_and_holds_its_rows() -> None:
    trail = Trail()
    figure = total(trail, "spend.total", [100_00, -20_00, 1])
    assert (figure.value, figure.kind, figure.unit, figure.period) == (
        80_01,
        "total",
        "pence",
        YEAR,
    )
    assert trail.rows("spend.total").to_dict("list") == {
        "source_file": ["payments.csv"] * 3,
        "source_row": [2, 3, 4],
        "amount": [100_00, -20_00, 1],
    }


@given(AMOUNTS)
def test_every_total_adds_up_again_from_its_rows(amounts: list[int]) -> None:
    trail = Trail()
    total(trail, "spend.total", amounts)
    assert (
        sum(trail.rows("spend.total")["amount"].tolist())
        == trail["spend.total"].value
        == sum(amounts)
    )


def test_decimals_stay_exact() -> None:
    trail = Trail()
    assert total(trail, "weeks.total", [Decimal("0.1"), Decimal("0.2")]).value == Decimal("0.3")


def test_a_total_of_no_rows_is_nil() -> None:
    assert total(Trail(), "spend.total", []).value == 0


def test_a_missing_value_is_refused() -> None:
    frame = rows([1, 2, 3]).astype({"amount_pence": "Int64"})
    frame.loc[1, "amount_pence"] = pd.NA
    with pytest.raises(
        ValueError, match=r"spend\.total: 1 rows have no amount_pence; class them first"
    ):
        Trail().total("spend.total", "Spend", frame, "amount_pence", "pence", YEAR, "sum")


def test_a_float_is_refused() -> None:
    frame = rows([1]).astype({"amount_pence": "float64"})
    with pytest.raises(ValueError, match=r"spend\.total: amount_pence"):
        Trail().total("spend.total", "Spend", frame, "amount_pence", "pence", YEAR, "sum")


def test_a_count_of_rows_and_of_distinct_values() -> None:
    trail, frame = Trail(), rows([5, 6, 7]).assign(supplier_id=["s1", "s2", "s1"])
    assert trail.count("lines.total", "Lines", frame, "lines", YEAR, "rows").value == 3
    distinct = trail.count(
        "suppliers.total", "Suppliers", frame, "suppliers", YEAR, "distinct", distinct="supplier_id"
    )
    assert distinct.value == 2
    assert trail.rows("suppliers.total")["amount"].tolist() == [1, 1, 0]


def test_a_ratio_is_exact_and_names_both_parts() -> None:
    trail = Trail()
    total(trail, "spend.local", [1])
    total(trail, "spend.total", [3])
    ratio = trail.ratio(
        "spend.local_pct", "Local share", "spend.local", "spend.total", "local / all"
    )
    assert ratio.value == Fraction(100, 3)
    assert (ratio.kind, ratio.unit) == ("worked", "percent")
    assert (ratio.operation, ratio.parts) == (PERCENT, ("spend.local", "spend.total"))
    assert len(trail.rows("spend.local_pct")) == 2


def test_a_ratio_over_nil_is_not_known_and_says_so() -> None:
    trail = Trail()
    total(trail, "spend.local", [0])
    total(trail, "spend.total", [0])
    ratio = trail.ratio(
        "spend.local_pct", "Local share", "spend.local", "spend.total", "local / all"
    )
    assert ratio.value is None
    assert ratio.caution == "spend.total is nil, so there is no ratio"


def test_what_stands_on_an_unknown_is_unknown_for_the_same_reason() -> None:
    trail = Trail()
    total(trail, "jobs.now", [4])
    trail.unknown("jobs.before", "Jobs before", "people", YEAR, "no returns supplied")
    for figure in (
        trail.ratio("jobs.pct", "Share", "jobs.now", "jobs.before", "now / before"),
        trail.difference("jobs.change", "Change", "jobs.now", "jobs.before", "now - before"),
    ):
        assert figure.value is None
        assert figure.caution == "no returns supplied"


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_a_difference_takes_back_what_it_added(later: int, earlier: int) -> None:
    trail = Trail()
    total(trail, "spend.now", [later])
    total(trail, "spend.before", [earlier])
    change = trail.difference("spend.change", "Change", "spend.now", "spend.before", "now - before")
    assert change.value == later - earlier
    assert change.unit == "pence"


def test_a_difference_of_shares_is_in_percentage_points() -> None:
    trail = Trail()
    for name, amount in (("a", 1), ("b", 2), ("whole", 4)):
        total(trail, f"spend.{name}", [amount])
    for name in ("a", "b"):
        trail.ratio(f"spend.{name}_pct", name, f"spend.{name}", "spend.whole", "part / whole")
    change = trail.difference("spend.change", "Change", "spend.b_pct", "spend.a_pct", "b - a")
    assert (change.value, change.unit) == (25, "percentage points")


def test_percentages_differ_by_what_is_printed_of_them() -> None:
    """17.26% against 14.54% is printed as 17.3% against 14.5%, so the change is 2.8 points."""
    trail = Trail()
    for name, amount in (("a", 1726), ("b", 1454), ("whole", 10_000)):
        total(trail, f"spend.{name}", [amount])
    for name in ("a", "b"):
        trail.ratio(f"spend.{name}_pct", name, f"spend.{name}", "spend.whole", "part / whole")
    change = trail.difference("spend.change", "Change", "spend.a_pct", "spend.b_pct", "a - b")
    assert change.value == Fraction(28, 10)


def test_what_was_not_supplied_is_not_known_and_never_nil() -> None:
    trail = Trail()
    nothing = rows([])
    for figure in (
        trail.total(
            "value.total",
            "Value",
            nothing,
            "amount_pence",
            "pence",
            YEAR,
            "sum",
            missing="no returns supplied",
        ),
        trail.count(
            "claims.total", "Claims", nothing, "claims", YEAR, "rows", missing="no returns supplied"
        ),
    ):
        assert (figure.value, figure.caution) == (None, "no returns supplied")


def test_one_number_has_one_place() -> None:
    trail = Trail()
    total(trail, "spend.total", [1])
    with pytest.raises(ValueError, match=r"spend\.total is already in the trail"):
        total(trail, "spend.total", [2])


def test_an_unknown_id_is_named() -> None:
    with pytest.raises(KeyError, match=r"no figure 'spend\.nothing' in this run"):
        Trail()["spend.nothing"]


def test_figures_come_in_the_order_they_were_made() -> None:
    trail = Trail()
    total(trail, "spend.b", [1])
    total(trail, "spend.a", [1])
    assert [figure.id for figure in trail] == ["spend.b", "spend.a"]
    assert len(trail) == 2
    assert "spend.a" in trail
    assert "spend.c" not in trail


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("E05012996", "E05012996"),
        ("NT1", "NT1"),
        ("not known", "not-known"),
        ("children's services", "children-s-services"),
    ],
)
def test_a_part_of_an_id_made_from_text(text: str, part: str) -> None:
    assert slug(text) == part


def test_a_trail_of_values_alone_has_the_figures_and_no_rows() -> None:
    trail = Trail()
    figure = total(trail, "spend.total", [100])
    values = Trail.of(trail)
    assert (list(values), values.own_rows("spend.total")) == ([figure], None)


def test_the_rank_of_a_figure_is_its_place_among_others() -> None:
    trail = Trail()
    for name, amount in (("a", 3), ("b", 5), ("c", 3)):
        total(trail, f"spend.{name}", [amount])
    every = ["spend.a", "spend.b", "spend.c"]
    assert [trail.rank(one, every) for one in every] == [(2, True), (1, False), (2, True)]


def test_what_is_made_from_a_rounded_count_says_that_it_is_rounded() -> None:
    trail = Trail()
    total(trail, "people.all", [50])
    group = total(trail, "people.group", [43])
    trail.admit(replace(group, id="people.some", value=45, caution=f"{ROUNDED}5"), None)
    share = trail.ratio("people.share", "Share", "people.some", "people.all", "some ÷ all")
    rest = trail.difference("people.rest", "Rest", "people.all", "people.some", "all less some")
    assert [one.mark for one in (group, share, rest)] == ["", "[r5]", "[r5]"]
    trail.unknown("people.none", "None", "people", YEAR, "no returns supplied")
    hidden = trail.difference("people.lost", "Lost", "people.some", "people.none", "less")
    assert (hidden.mark, hidden.caution) == ("", "no returns supplied")
    trail.admit(replace(group, id="people.nil", value=0, caution=f"{ROUNDED}5"), None)
    nothing = trail.ratio("people.times", "Times", "people.all", "people.nil", "all ÷ nil")
    assert nothing.caution == f"{group.label} is rounded to nil, so there is no ratio"


@pytest.mark.parametrize("other", ["spend.unknown", "spend.nowhere"])
def test_nothing_is_ranked_while_a_figure_is_not_known(other: str) -> None:
    trail = Trail()
    total(trail, "spend.a", [3])
    trail.unknown("spend.unknown", "Not known", "pence", YEAR, "no payments supplied")
    assert trail.rank("spend.a", ["spend.a", other]) is None
