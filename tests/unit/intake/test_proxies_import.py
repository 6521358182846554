"""A licensed workbook of proxies, with its columns in any order, into the canonical table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from sv_lib.cli import main
from sv_lib.errors import InputError
from sv_lib.figures.calculation import calculate, gather
from sv_lib.intake.proxies_import import Authority, read_proxies
from sv_lib.params import Publication, load

UNITS = {"NT1": "FTE", "NT9": "weeks", "NT18": "GBP", "NT29": "hours"}
CHECKED = Authority("test-2024", "Licensed workbook 2024", "Procurement officer", date(2024, 4, 2))
HEAD = ["Proxy Value", "Theme", "Measure", "Ref", "Unit", "Outcome"]
ROWS = [
    ["", "Jobs", "", "", "", ""],
    ["£28,213.50", "", "Local people employed", "NT1", "no. people FTE", "More"],
    [195.1234, "", "Apprenticeships", " nt9 ", "no. weeks", "More"],
    ["record only", "", "Local spend", "NT18", "£", "More"],
    [7, "", "Something else", "NT99", "no. hours", "More"],
]


def workbook(folder: Path, *rows: list[object], head: list[str] = HEAD) -> Path:
    path = folder / "licensed.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Measures")
        sheet.write_row(0, 0, ["Licensed to the council"])
        for at, row in enumerate([head, *rows], start=2):
            sheet.write_row(at, 0, row)
    return path


def test_columns_in_any_order_become_the_canonical_table(tmp_path: Path) -> None:
    imported = read_proxies(workbook(tmp_path, *ROWS), CHECKED, UNITS)
    assert imported.csv() == (
        "measure_ref,edition,unit,proxy,source,source_place,checked_by,checked_on\n"
        'NT1,test-2024,FTE,28213.50,Licensed workbook 2024,"licensed.xlsx, row '
        '5",Procurement officer,2024-04-02\n'
        'NT9,test-2024,weeks,195.1234,Licensed workbook 2024,"licensed.xlsx, row '
        '6",Procurement officer,2024-04-02\n'
        'NT18,test-2024,GBP,,Licensed workbook 2024,"licensed.xlsx, row 7",Procurement '
        "officer,2024-04-02\n"
    )
    assert [(finding.severity, finding.row, finding.found) for finding in imported.findings] == [
        ("warn", 8, "NT99")
    ]


@pytest.mark.parametrize("lacking", ["edition", "source", "checked_by"])
def test_a_price_without_its_authority_is_refused(tmp_path: Path, lacking: str) -> None:
    authority = Authority(**{**vars(CHECKED), lacking: " "})
    with pytest.raises(InputError, match=f"no {lacking}"):
        read_proxies(workbook(tmp_path, *ROWS), authority, UNITS)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            ["about 20", "", "", "NT1", "FTE", ""],
            "row 4: about 20: the price of NT1 is not a number",
        ),
        ([20, "", "", "NT1", "no. weeks", ""], "row 4: no. weeks: NT1 is counted in FTE"),
        ([20, "", "", "", "FTE", ""], "row 4: 20: a price without a measure's ref"),
    ],
)
def test_a_price_that_is_not_sure_is_refused(tmp_path: Path, row: list[object], said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_proxies(workbook(tmp_path, row), CHECKED, UNITS)
    assert said in str(refused.value)


def test_two_prices_for_a_measure_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it also stands on row 5"):
        read_proxies(workbook(tmp_path, *ROWS, ROWS[1]), CHECKED, UNITS)


def test_a_workbook_without_a_column_of_units_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column for unit"):
        read_proxies(workbook(tmp_path, ["1", "NT1"], head=["Proxy", "Ref"]), CHECKED, UNITS)


@pytest.mark.parametrize(
    ("checker", "code"), [(["--checked-by", "Procurement officer"], 0), ([], 3)]
)
def test_the_command_writes_the_table_or_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checker: list[str], code: int
) -> None:
    options = [
        "--edition",
        "test-2024",
        "--source",
        "Licensed workbook 2024",
        "--output",
        str(tmp_path / "out.csv"),
    ]
    path = workbook(tmp_path, ["£200", "", "", "NT9", "weeks", ""])
    monkeypatch.setattr(
        "sys.argv", ["svreport", "proxies", "import", str(path), *options, *checker]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code
    assert (tmp_path / "out.csv").exists() == (code == 0)


EDITION = (
    "editions: [{id: test-2024, name: Licensed, source: The licence, valid_from: 2020-01-01}]\n"
)


@pytest.mark.parametrize("declared", [EDITION, ""], ids=["declared", "not declared"])
def test_a_contract_let_under_the_councils_own_edition_is_priced(
    publish: Callable[..., Publication], tmp_path: Path, declared: str
) -> None:
    prices = read_proxies(
        workbook(tmp_path, [123.4567, "", "", "NT10", "no. weeks", ""]), CHECKED, {"NT10": "weeks"}
    )
    publication = publish(inputs__proxies_dot_csv=prices.csv())
    folder = publication.path.parent
    for name, old, new in (
        ("council.yaml", "wards:", f"{declared}wards:"),
        ("inputs/contracts.csv", "illustrative-2020", "test-2024"),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    publication = load(publication.path, "exempt")
    inputs = gather(publication)
    if not declared:
        assert [(stop.column, stop.found) for stop in inputs.stops] == [("edition", "test-2024")]
        return
    assert inputs.findings == ()
    claims = calculate(publication, inputs).tables["claims"]
    assert claims["working"].tolist() == [
        "6 weeks x £123.4567 x 1 = £740.7402, rounded to £740.74",
        "4.5 weeks x £123.4567 x 0.5 = £277.777575, rounded to £277.78",
    ]
