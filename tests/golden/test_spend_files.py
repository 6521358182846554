"""Every published payments file, read without being named in code, against figures added up by hand
from the raw text.

``spend_files.csv`` was checked by a script that shares nothing with ``sv_lib`` (csv module,
Decimal, strptime).
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sv_lib.intake.ledger.description import describe

GOLDEN = Path(__file__).with_name("spend_files.csv")
HAND = list(csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines()))


@pytest.mark.real_data
def test_every_file_is_in_the_golden_table(real_data: Path) -> None:
    found = {
        path.relative_to(real_data / "spend").as_posix()
        for path in (real_data / "spend").rglob("*.csv*")
    }
    assert found == {line["file"] for line in HAND}
    assert len(found) == 67


@pytest.mark.real_data
@pytest.mark.parametrize("line", HAND, ids=[line["file"] for line in HAND])
def test_rows_and_pence_as_added_up_by_hand(line: dict[str, str], real_data: Path) -> None:
    report, _ = describe(real_data / "spend" / line["file"])
    assert report.questions == []
    totals = [row for row in report.excluded if row.pence is not None]
    read = {
        "encoding": report.encoding,
        "header_row": report.header_row,
        "vat_basis": report.vat_basis,
        **{ours: report.columns[ours] for ours in ("paid_on", "amount")},
        **{
            name: getattr(report, name)
            for name in ("rows", "pence", "negative_rows", "redacted_rows", "undated_rows")
        },
        "first_on": report.first_on,
        "last_on": report.last_on,
        "excluded_rows": len(totals),
        "excluded_pence": sum(row.pence for row in totals),
        "unread_amounts": len(report.excluded) - len(totals),
    }
    assert {name: str(value) for name, value in read.items()} == {name: line[name] for name in read}
    assert {"supplier_name", "directorate"} <= set(report.columns)
