"""The check of the input files: the same tables on the screen and on a page that everyone can
read.
"""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from sv_lib.figures.calculation import gather
from sv_lib.intake.findings import Finding
from sv_lib.params import Publication, load
from sv_lib.present.markup import text_of
from sv_lib.publish.check import check_tables, finding_rows, verdict, write_page
from sv_lib.publish.check_coverage import coverage
from sv_lib.publish.check_history import since_last


@pytest.fixture
def publication(root: Path, tmp_path: Path) -> Publication:
    """The faultless files of the tests."""
    shutil.copytree(root / "tests" / "bad_inputs" / "base", tmp_path / "params")
    return load(tmp_path / "params" / "publication.yaml")


def change(publication: Publication, name: str, old: str, new: str) -> None:
    path = publication.path.parent / "inputs" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def on_screen(publication: Publication) -> str:
    console = Console(width=160, record=True, file=StringIO())
    inputs = gather(publication)
    for sheet in check_tables(inputs, coverage(inputs, publication)):
        console.print(sheet.on_screen())
    return console.export_text()


def test_every_row_penny_and_fact_is_accounted_for_on_the_screen(publication: Publication) -> None:
    shown = [" ".join(line.split()) for line in on_screen(publication).splitlines()]
    assert "inputs/payments.csv 3 used £1,480.50 used" in shown
    assert "all files 17 used £1,480.50 used" in shown
    assert "inputs/payments.csv and 8 others 1 UTF-8 our own headings" in shown
    assert "the supplier is in the list 2 of 3 payments 66.7% £1,180.50 79.7%" in shown
    assert "the contract is in the register 1 of 3 payments 33.3% £1,200.50 81.1%" in shown
    assert "contracts that sent every return due 1 of 1 contracts 100.0% no money no money" in shown
    assert "small or medium 1 0 1" in shown


def test_the_page_says_what_the_screen_says_and_loads_nothing(
    publication: Publication, tmp_path: Path
) -> None:
    change(publication, "suppliers.csv", "Firm Two", "<script>Firm</script>")
    change(publication, "payments.csv", "P2,2021-11-03,S2", "P2,2021-11-03,<b>S9</b>")
    inputs = gather(publication)
    known = coverage(inputs, publication)
    changed = ["Since the last check: 1 finding gone, 0 new.", "how near: <b> then, 2% now."]
    written = write_page(inputs, publication, known, tmp_path / "out", changed)
    assert written == tmp_path / "out" / "test" / "mid-year-check.html"
    page = written.read_text(encoding="utf-8")
    assert '<html lang="en-GB"' in page
    assert "Content-Security-Policy" in page
    assert page.count("<script") == 1  # our own, which shortens the list of findings
    assert "<script>Firm" not in page
    assert "&lt;b&gt;S9&lt;/b&gt;" in page
    assert page.count("<caption") == len(check_tables(inputs, known)) == 6
    assert "1 finding gone, 0 new.<br>how near: &lt;b&gt; then, 2% now." in page
    assert page.count("<th ") == page.count(' scope="')
    assert "Nothing here stops a run." in page
    again = write_page(inputs, publication, known, tmp_path / "again", changed)
    assert again.read_text(encoding="utf-8") == page


def test_what_stops_a_run_is_told_first_and_coverage_waits(publication: Publication) -> None:
    change(publication, "commitments.csv", "K1,C1", "K1,C9")
    inputs = gather(publication)
    known = coverage(inputs, publication)
    assert known == []
    assert [sheet.title for sheet in check_tables(inputs, known)] == [
        "Findings",
        "Control totals",
        "How the files were read",
        "What to add next",
    ]
    assert verdict(inputs) == "1 finding would stop a run: mend them first; coverage is told then."
    assert check_tables(inputs, known)[0].rows[0][0] == "1. stops a run"


def test_findings_of_one_kind_stand_together_with_their_places(publication: Publication) -> None:
    found = [Finding("warn", "a.csv", row, "x", f"'{row}'", "why", "do") for row in range(2, 7)]
    found += [
        Finding("note", f"{month}.csv", 1, "", "no layout", "guessed", "keep it")
        for month in range(1, 13)
    ]
    inputs = gather(publication)
    object.__setattr__(
        inputs, "findings", (Finding("stop", "b.csv", None, "", "all", "bad", "mend"), *found)
    )
    rows = [
        tuple(text_of(cell) if isinstance(cell, str) else "" for cell in row)
        for row in finding_rows(inputs)
    ]
    places = "a.csv, row 2, x: '2'; a.csv, row 3, x: '3'; a.csv, row 4, x: '4'"
    files = "1.csv, row 1: no layout; 10.csv, row 1: no layout; 11.csv, row 1: no layout"
    assert rows == [
        ("1. stops a run", "not known", "b.csv: all", "bad", "mend"),
        ("2. to look at", "not known", f"{places} and 2 more, not listed here", "why", "do"),
        (
            "3. to know",
            "not known",
            f"in 12 files: {files} and 9 more, not listed here",
            "guessed",
            "keep it",
        ),
    ]


def test_what_to_add_next_is_what_is_not_there(publication: Publication) -> None:
    (table,) = [one for one in check_tables(gather(publication), []) if "next" in one.id]
    names = [row[0] for row in table.rows]
    assert names[0] == "Supplier list with postcodes"  # there are suppliers, but no postcodes
    assert "Quotes for small contracts" in names
    assert "What suppliers promised" not in names


def test_what_changed_since_the_last_check_is_told(
    publication: Publication, tmp_path: Path
) -> None:
    def look() -> list[str]:
        inputs = gather(publication)
        return since_last(inputs, publication, coverage(inputs, publication), tmp_path)

    assert look() == []
    assert look() == ["Since the last check: 0 findings gone, 0 new."]
    change(publication, "payments.csv", "P1,2021-11-02,S1", "P1,2021-11-02,S9")
    first, second, *_ = look()
    assert first == "Since the last check: 0 findings gone, 1 new."
    assert second == "  the supplier is in the list: 79.7% then, −1.4% now."
