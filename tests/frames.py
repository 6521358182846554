"""Small typed frames drawn as tables, and a council of two wards, for tests of the method and of
the analysis.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from sv_lib.intake.files.cells import read_cells
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.intake.tables.validation import DTYPES
from sv_lib.params import Council

EAST, WEST = "E05013010", "E05013011"
"""Two of Rotherham's wards: Rotherham East and Rotherham West."""

ALWAYS = {
    "returns": {
        "claim_id": "R{n}",
        "contract_id": "C1",
        "measure_ref": "NT10",
        "period_start": "2022-03-01",
        "period_end": "2022-05-31",
        "quantity": "1",
        "attribution": "1",
        "state": "reported",
        "reported_on": "2022-06-10",
    },
    "contracts": {
        "contract_id": "C{n}",
        "title": "Contract {n}",
        "supplier_id": "S1",
        "directorate": "Place",
        "category": "construction",
        "value": "500000",
        "awarded_on": "2020-11-01",
        "starts_on": "2020-12-01",
        "ends_on": "2023-11-30",
        "edition": "illustrative-2020",
    },
    "commitments": {
        "commitment_id": "P{n}",
        "contract_id": "C1",
        "measure_ref": "NT10",
        "quantity": "1",
        "attribution": "1",
        "targeted_on": "2020-10-01",
        "committed_on": "2020-11-01",
    },
    "payments": {
        "payment_id": "X{n}",
        "paid_on": "2021-06-01",
        "supplier_id": "S1",
        "category": "construction",
        "amount": "1",
    },
    "suppliers": {"supplier_id": "S{n}", "supplier_name": "Firm {n}"},
    "proxies": {
        "measure_ref": "NT10",
        "edition": "illustrative-2020",
        "unit": "weeks",
        "proxy": "200",
        "source": "invented",
        "source_place": "row 1",
        "checked_by": "tester",
        "checked_on": "2020-01-06",
    },
    "postcodes": {"lad_code": "E08000018", "region_code": "E12000003"},
    "quotes": {"exercise_id": "Q{n}", "on": "2022-01-10", "directorate": "Place", "amount": "5000"},
}
"""What a row holds where the drawing leaves a column out; ``{n}`` is the number of the row."""


def frame(table: str, drawing: str = "", **same: str) -> pd.DataFrame:
    """A canonical table as intake gives it, from a drawing: a line of headings, then a row a line,
    cells between bars.

    Columns left out hold what ``same`` or ``ALWAYS`` says, else nothing. Rows are numbered from 2,
    as in a spreadsheet.
    """
    return _drawn(table, drawing, tuple(same.items())).copy()


@cache
def _drawn(table: str, drawing: str, same: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    """One drawing, read once however many tests start from it."""
    lines = [
        [cell.strip() for cell in line.split("|")]
        for line in drawing.strip().splitlines()
        if line.strip()
    ]
    headings, rows = (lines[0], lines[1:]) if lines else ([], [])
    usual = {**ALWAYS.get(table, {}), **dict(same)}
    texts = {
        column.name: pd.Series(
            [
                row[headings.index(column.name)]
                if column.name in headings
                else usual.get(column.name, "").format(n=n)
                for n, row in enumerate(rows, start=1)
            ],
            dtype="str",
        )
        for column in TABLES[table].columns
    }
    columns = TABLES[table].columns
    cells = {column.frame_name: read_cells(texts[column.name], column) for column in columns}
    unread = [name for name, read in cells.items() if read.unread.any()]
    assert not unread, f"the drawing of {table} cannot be read: {unread}"
    made = pd.DataFrame({name: read.values for name, read in cells.items()})
    made = made.astype({column.frame_name: DTYPES[column.kind] for column in columns})
    return made.assign(
        source_file=pd.Series(f"inputs/{table}.csv", index=made.index, dtype="str"),
        source_row=pd.Series(range(2, len(rows) + 2), index=made.index, dtype="int64"),
    )


def blank(table: str, rows: int) -> pd.DataFrame:
    """So many rows of a table that hold only what ``ALWAYS`` says: the cheap start of a generated
    case.
    """
    first = TABLES[table].columns[0]
    return frame(
        table,
        "\n".join(
            [first.name, *(ALWAYS[table][first.name].format(n=n) for n in range(1, rows + 1))]
        ),
    )


def council(**changes: object) -> Council:
    """A council of two wards with Rotherham's thresholds and rings."""
    settings = {
        "id": "test",
        "name": "Test Council",
        "place": "Testborough",
        "lad_code": "E08000018",
        "is_demonstration": True,
        "contact": "nobody",
        "definition": "what residents gain",
        "social_value_year_starts": "12-01",
        "spend_year_starts": "04-01",
        "wards": [
            {"code": EAST, "name": "East", "councillors": 3},
            {"code": WEST, "name": "West", "councillors": 3},
        ],
        "tiers": [
            {"id": "rotherham", "name": "Rotherham", "lad_codes": ["E08000018"]},
            {
                "id": "south-yorkshire",
                "name": "South Yorkshire",
                "lad_codes": ["E08000019", "E08000039"],
            },
            {
                "id": "yorkshire-and-the-humber",
                "name": "Yorkshire and the Humber",
                "region_codes": ["E12000003"],
            },
        ],
        "thresholds": {
            "social_value_contract": "100000",
            "delivery_plan": "250000",
            "local_quote": "10000",
            "kpi_rating": "5000000",
            "social_value_weight_pct": "20",
            "about_the_same_pct": "2",
            # Drawn councils have few returns: their headlines stay, but where a test says so.
            "headline_known_pct": "0",
            "source": "invented",
        },
        "methods": {"due_without_milestones": "straight line", "source": "invented"},
        "measure_set": {
            "name": "Test set",
            "is_illustrative": True,
            "valid_from": "2019-12-01",
            "measures": ["NT1", "NT3", "NT10"],
        },
        "non_addressable_categories": ["grants and levies"],
    }
    return Council.model_validate({**settings, **changes})
