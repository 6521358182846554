"""A trace is the sum on paper: proxies with their authority, rows with their place, subtotals,
corrections.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from data_files import write_run
from made_once import calculate

from sv_lib.errors import ParameterError
from sv_lib.figures.calculation import gather
from sv_lib.figures.operations import OPERATIONS
from sv_lib.params import load
from sv_lib.publish.audit import trace as module
from sv_lib.publish.audit.trace import exact, trace, write_rows
from sv_lib.publish.files import manifest, papers
from sv_lib.publish.files.finished_run import NO_PAPERS, FinishedRun

BASE = Path("tests/bad_inputs/base")
CORRECTION = (
    "- {table: returns, key: {claim_id: R1}, column: quantity, expected: '6', value: "
    "'5', why: misread, who: Officer,"
    " on: 2022-06-01}\n"
)


@pytest.fixture(scope="module")
def run(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data files of a run of the tiny council, with one claim corrected from 6 weeks to 5."""
    place = tmp_path_factory.mktemp("trace")
    shutil.copytree(root / BASE, place / "test")
    path = place / "test" / "publication.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "data_as_at:", "corrections: corrections.yaml\ndata_as_at:"
    )
    path.write_text(text, encoding="utf-8")
    (place / "test" / "corrections.yaml").write_text(CORRECTION, encoding="utf-8")
    for profile, name in (("public", "public"), ("exempt", "run")):
        publication = load(path, profile)
        calculation = calculate(publication, gather(publication))
        write_run(place / name, publication, calculation)
    return place / "run"


def test_a_sum_of_claims_on_paper(run: Path) -> None:
    """By hand: 5 x £200 = £1,000; 4.5 x £200 x 0.5 = £450; together £1,450."""
    assert trace(run, "headline.delivered_value.this").splitlines() == [
        "headline.delivered_value.this: Social value claimed",
        "  printed    £1,450   exact £1,450.00",
        "  period     2021-12-01 to 2022-05-31",
        "  formula    attributed quantity × proxy of every claim of the period not "
        "rejected, rounded to pence",
        "    NT10, illustrative-2020: £200 a unit (weeks); source: Invented for tests, row 1; "
        "checked by Tester on 2020-01-06",
        "      inputs/returns.csv, row 2: £1,000.00   5 weeks x £200.00 x 1 = £1,000.00   "
        "corrected: quantity 6 -> 5: misread (Officer, 2022-06-01)",
        "      inputs/returns.csv, row 3: £450.00   4.5 weeks x £200.00 x 0.5 = £450.00",
        "      subtotal of 2 rows: £1,450.00",
        "  added again £1,450.00: agrees with the figure, 2 rows",
    ]


def test_a_rate_is_its_parts_and_a_part_due_says_of_what(run: Path) -> None:
    lines = trace(run, "headline.delivery_rate.this").splitlines()
    [due] = (line for line in lines if "inputs/commitments.csv, row 2" in line)
    amount = due.split(": ")[1].split("   ")[0]
    assert due.endswith("a part of 24 weeks x £200.00 x 1 = £4,800.00")
    [total] = (line for line in lines if line.startswith("  sum "))
    assert total.startswith(f"  sum        £1,450.00 ÷ {amount} × 100 = ")
    assert sum(": agrees with the figure" in line for line in lines) == 2


def test_a_difference_and_what_stands_on_files_alone(run: Path) -> None:
    lines = trace(run, "spend.total.change").splitlines()
    assert "  sum        £1,180.50 − £300.00 = £880.50" in lines
    assert [line.strip() for line in lines if "payments.csv" in line] == [
        "inputs/payments.csv",
        "inputs/payments.csv, row 2: £1,200.50",
        "inputs/payments.csv, row 3: -£20.00",
        "inputs/payments.csv",
        "inputs/payments.csv, row 4: £300.00",
    ]


def test_what_is_counted_is_added_in_its_unit(run: Path) -> None:
    lines = trace(run, "measure.NT10.delivered.this").splitlines()
    assert "      inputs/returns.csv, row 3: 4.5 weeks" in lines
    assert lines[-1] == "  added again 9.5 weeks: agrees with the figure, 2 rows"


def test_what_is_not_known_says_why_and_adds_nothing(run: Path) -> None:
    unknown = next(
        row["figure_id"] for row in figures(run) if not row["value"] and not row["parts"]
    )
    lines = trace(run, unknown).splitlines()
    assert lines[1].endswith("exact not known")
    assert lines[-1].startswith("  caution    ")


def figures(run: Path) -> list[dict[str, str]]:
    with (run / "figures.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_figure_of_a_run_agrees_with_its_rows(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = FinishedRun.read(run)  # once, and not for each of a thousand figures
    monkeypatch.setattr(module, "_run_with", lambda *_: opened)
    for row in figures(run):
        assert "DOES NOT AGREE" not in trace(run, row["figure_id"]), row["figure_id"]


def test_a_figure_altered_by_hand_does_not_agree(run: Path, tmp_path: Path) -> None:
    for folder, name in ((run, "run"), (manifest.beside(run), "run.papers")):
        shutil.copytree(folder, tmp_path / name)
    path = manifest.beside(tmp_path / "run") / "figures.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(",118050,", ",118051,"), encoding="utf-8"
    )
    last = trace(tmp_path / "run", "spend.total.this").splitlines()[-1]
    assert last == "  added again £1,180.50: DOES NOT AGREE with the figure, 2 rows"


def test_rows_beyond_those_shown_are_one_line(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHOWN", 1)
    lines = trace(run, "headline.delivered_value.this").splitlines()
    assert "      and 1 smaller rows: £450.00 (--csv FILE lists them all)" in lines
    assert "      subtotal of 2 rows: £1,450.00" in lines


def test_money_invested_names_the_method_as_its_price() -> None:
    price = {"measure_ref": "NT28", "edition": "e", "proxy": "1", "unit": "GBP"}
    row = {f"proxy_{name}": price.get(name, "") for name in module.PRICE}
    assert module._group(row) == "NT28, e: £1 a unit (GBP), a pound for a pound by the method"


def test_the_rows_as_a_table(run: Path, tmp_path: Path) -> None:
    write_rows(run, "headline.delivery_rate.this", tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["figure_id"] for row in rows] == ["delivery.towards_due.this"] * 2 + [
        "delivery.due.this"
    ]
    assert rows[0]["amount"] == "100000"
    assert rows[0]["correction"] == "quantity 6 -> 5: misread (Officer, 2022-06-01)"
    assert (rows[0]["proxy_proxy"], rows[0]["proxy_checked_by"]) == ("200", "Tester")


def test_what_cannot_be_traced_is_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(
        ParameterError, match=r"there is no figures\.csv, so this is not a run folder"
    ):
        trace(tmp_path, "spend.total.this")
    with pytest.raises(ParameterError, match=r"near it: spend\.total\.this"):
        trace(run, "spend.totals")
    with pytest.raises(ParameterError, match="near it: none"):
        write_rows(run, "nothing.like.it", tmp_path / "rows.csv")


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("118050", "pence", "£1,180.50"),
        ("-5", "pence", "-£0.05"),
        ("0", "pence", "£0.00"),
        ("", "pence", "not known"),
        ("1.500", "FTE", "1.5 FTE"),
        ("0.00", "FTE", "0 FTE"),
        ("100", "weeks", "100 weeks"),
    ],
)
def test_values_in_full(value: str, unit: str, words: str) -> None:
    assert exact(value, unit) == words


def test_money_a_head_is_a_division_with_its_units() -> None:
    """By hand: £8,855,437.73 over 14,546 residents is £608.79 each, and a bit."""
    value = exact("60879.195191", "pence per resident")
    assert value == "£608.79 per resident"
    line = OPERATIONS["÷"].written(exact("885543773", "pence"), exact("14546", "residents"))
    assert line == "£8,855,437.73 ÷ 14,546 residents"


def test_with_papers_a_hidden_figure_is_traced_to_its_rows(run: Path) -> None:
    """Two people stand behind 9.5 weeks: the page says [c], the papers say it all."""
    public = run.with_name("public")
    lines = trace(public, "measure.NT10.delivered.this").splitlines()
    assert lines[1] == "  printed    [c]   exact 9.5 weeks"
    assert any(line.startswith("  caution    hidden to protect people") for line in lines)
    assert lines[-1] == "  added again 9.5 weeks: agrees with the figure, 2 rows"


def test_without_papers_a_trace_goes_as_far_as_it_can(run: Path, tmp_path: Path) -> None:
    shutil.copytree(run.with_name("public"), tmp_path / "run")
    lines = trace(tmp_path / "run", "spend.total.change").splitlines()
    assert "  sum        £1,180.50 − £300.00 = £880.50" in lines
    assert lines.count(f"      rows       {NO_PAPERS}") == 2
    hidden = trace(tmp_path / "run", "measure.NT10.delivered.this").splitlines()
    assert hidden[1] == "  printed    [c]   exact not known"
    assert "9.5" not in "".join(hidden)
    with pytest.raises(ParameterError, match=r"put the folder run\.papers beside it"):
        write_rows(tmp_path / "run", "spend.total.this", tmp_path / "rows.csv")


def test_what_is_hidden_and_why_stands_in_the_papers(run: Path) -> None:
    with (manifest.beside(run.with_name("public")) / "hidden.csv").open(encoding="utf-8") as file:
        hidden = {row["figure_id"]: row for row in csv.DictReader(file)}
    weeks = hidden["measure.NT10.delivered.this"]
    assert (weeks["value"], weeks["unit"], weeks["printed"]) == ("9.5", "weeks", "[c]")
    assert weeks["why"] == papers.FEW
    assert (manifest.beside(run) / "hidden.csv").read_text(encoding="utf-8").count("\n") == 1
