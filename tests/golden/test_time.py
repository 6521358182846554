"""Periods at the same point, corrections across years, an extension: worked by hand in TIME.md."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from made_once import calculate
from small_council import inputs, publication

from sv_lib.figures.saved import Calculation

PAGE = Path(__file__).with_name("TIME.md").read_text(encoding="utf-8")
DRAWINGS: dict[str, str] = dict(re.findall(r"^```(\w+)\n(.*?)^```", PAGE, flags=re.M | re.S))
ANSWERS = [
    (council, *line.split(" | ")[::2])
    for council in ("lag", "correction", "extension")
    for line in re.findall(
        r"^\| ([a-z_.]+\.[a-z_.]+ \| .* \| [\d.]+) \|$",
        PAGE.split(f"| {council} | by hand")[1].split("##")[0],
        flags=re.M,
    )
]
CONTRACT = "contract_id | awarded_on | starts_on | ends_on\n"
PROMISE = "commitment_id | quantity | committed_on\n"
COUNCILS = {
    "lag": {"contracts": CONTRACT + "C1 | 2020-11-01 | 2020-12-01 | 2022-11-30"},
    "correction": {
        "contracts": CONTRACT + "C1 | 2020-11-01 | 2020-12-01 | 2022-11-30",
        "proxies": "measure_ref | unit | proxy\nNT1 | FTE | 200",
        "commitments": PROMISE.replace("_id", "_id | measure_ref") + "P1 | NT1 | 9 | 2020-11-01",
    },
    "extension": {
        "contracts": CONTRACT + "C1 | 2021-11-01 | 2021-12-01 | 2023-05-28",
        "commitments": PROMISE + "P1 | 365 | 2021-11-01",
        "contract_changes": (
            "contract_id | changed_on | what | from | to\n"
            "C1 | 2022-03-10 | last day | 2022-11-30 | 2023-05-28"
        ),
    },
}


def drawn(council: str) -> dict[str, str | None]:
    """The tables of one of the councils; its claims are all under one contract and promise."""
    tables: dict[str, str | None] = {
        "proxies": "proxy\n200",
        "contract_places": None,
        "beneficiaries": None,
        "milestones": None,
        "payments": None,
        "quotes": None,
        "supply_chain": None,
        "return_log": None,
        "stories": None,
        "commitments": PROMISE + "P1 | 365 | 2020-11-01",
        # Nothing is claimed of the extension.
        "returns": DRAWINGS.get(council, ""),
    }
    return tables | COUNCILS[council]


@cache
def whole(council: str) -> Calculation:
    told_first = {"first_published_on": date(2021, 7, 1)}
    return calculate(publication().model_copy(update=told_first), inputs(**drawn(council)))


@pytest.mark.parametrize(("council", "figure_id", "answer"), ANSWERS)
def test_worked_by_hand(council: str, figure_id: str, answer: str) -> None:
    figure = whole(council).trail[figure_id]
    in_pence = Decimal(answer) * (100 if figure.unit == "pence" else 1)
    assert figure.value == in_pence


def test_every_line_of_the_page_is_an_answer() -> None:
    assert len(ANSWERS) == PAGE.count("\n| ") - 6


def test_before_is_what_that_years_report_printed_where_its_lag_was_the_same() -> None:
    """The report on the earlier period, with data 30 days after its end, printed the same."""
    now = whole("lag").trail
    file = publication().file
    earlier = file.social_value.model_validate(
        {
            "this": {"start": "2020-12-01", "end": "2021-05-31"},
            "before": {"start": "2019-12-01", "end": "2020-05-31"},
        }
    )
    changes = {"social_value": earlier, "data_as_at": date(2021, 6, 30)}
    then = calculate(
        publication().model_copy(update={"file": file.model_copy(update=changes)}),
        inputs(**drawn("lag")),
    ).trail
    same = [one.id for one in now if one.id.endswith(".before") and one.id[:-6] + "this" in then]
    told = [one for one in same if not one.startswith(("spend.", "headline.local_share"))]
    assert len(told) > 20
    assert {one: now[one].value for one in told} == {
        one: then[one[:-6] + "this"].value for one in told
    }
