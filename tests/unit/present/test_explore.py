"""What a person may ask an open report, and the names that are offered for one that is not there.

The amounts are those of the small council in ``tests/bad_inputs/base``; the demo is asked by
``notebooks/explore.ipynb``, which ``tests/notebooks`` runs.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import sv_lib as sv
from sv_lib.errors import ParameterError
from sv_lib.figures.frames import FRAMES
from sv_lib.present.explore import OpenReport
from sv_lib.present.prose import read_words

BASE = Path(__file__).resolve().parents[2] / "bad_inputs" / "base"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("council")
    shutil.copytree(BASE, folder / "public")
    return folder


@pytest.fixture(scope="module")
def report(folder: Path) -> OpenReport:
    return sv.open_report(str(folder / "public/publication.yaml"))


def test_a_report_is_a_short_card(report: OpenReport) -> None:
    told = repr(report)
    assert len(told) < 600
    for words in ("Test Council", "Data as at", "1 finding in the inputs"):
        assert words in told
    assert "<table>" in report._repr_html_()


def test_a_text_is_the_sentence_of_the_page(report: OpenReport) -> None:
    assert 'data-figure="spend.total.this"' in report.text("spend.lead_alone", local="1", why="x")


def test_a_text_that_needs_words_says_which(report: OpenReport) -> None:
    with pytest.raises(ParameterError, match=re.escape('report.text("front.decision", theme=')):
        report.text("front.decision")


def test_every_text_can_be_said_or_says_what_it_needs(report: OpenReport) -> None:
    for text_id in read_words("prose.yaml"):
        try:
            report.text(text_id)
        except ParameterError as fault:
            assert fault.remedy.startswith(("give them: ", "say it of a ward"))


def test_a_table_is_the_piece_of_the_page(report: OpenReport) -> None:
    assert 'id="kinds"' in report.table("suppliers.kinds")
    assert 'id="chart-steps"' in report.chart("delivery.steps")
    assert "suppliers.kinds" in report.tables()
    assert "delivery.steps" in report.charts()
    assert {"suppliers.vcse", "suppliers.awards"} <= set(report.texts())


def test_only_what_is_shown_is_noted_as_used(folder: Path) -> None:
    report = sv.open_report(str(folder / "public/publication.yaml"))
    shown = report.table("suppliers.kinds")
    assert set(report.used) == set(re.findall(r'data-figure="([^"]+)"', shown))


def test_a_figure_shows_how_it_came_about(report: OpenReport) -> None:
    share = report.figure("headline.local_share.this")
    markup = share._repr_html_()
    for words in ("Exact", "Formula", "spend.total.this", "Caution"):
        assert words in markup
    assert repr(report.figure("spend.total.this")) == "spend.total.this: £1,180.50"
    assert report.figure("spend.total.this").value == 118050


def test_an_explanation_gives_the_sum_in_words(report: OpenReport) -> None:
    words = report.explain("spend.total.change")
    assert "£1,180.50" in words
    assert "As a sum:" in words


def test_figures_by_a_pattern(report: OpenReport) -> None:
    found = report.figures("spend.geography.*.this")
    total = report.figure("spend.total.this").value
    assert found["value"].sum() == total
    assert set(found["unit"]) == {"pence"}


def test_a_trace_adds_up_to_its_figure(report: OpenReport) -> None:
    rows = report.trace("spend.total.this")
    assert rows["amount"].sum() == 118050
    assert list(rows.columns) == ["figure_id", "source_file", "source_row", "amount", "unit"]


def test_a_trace_lists_nobody(report: OpenReport) -> None:
    claims = report.trace("headline.delivered_value.this")
    about_people = claims[claims["source_file"].str.contains("about people")]
    assert len(about_people) <= 1


def test_a_trace_of_a_saved_calculation_says_where_the_rows_are(
    report: OpenReport, folder: Path
) -> None:
    report.calculation.save(folder / "calculation")
    saved = sv.open_report(str(report.publication.path), str(folder / "calculation"))
    with pytest.raises(ParameterError, match="svreport trace"):
        saved.trace("spend.total.this")
    assert saved.figure("spend.total.this").value == 118050


def test_payments_of_the_period_are_the_figure(report: OpenReport) -> None:
    payments = report.frame("payments")
    this = payments[payments["period"] == "this"]
    assert this["amount_pence"].sum() == 118050


def test_every_frame_opens_and_says_what_it_holds(report: OpenReport) -> None:
    listed = report.frames()
    assert set(FRAMES) <= set(listed["frame"])
    for name in listed["frame"]:
        assert isinstance(report.frame(name), pd.DataFrame)
    assert listed["holds"].str.len().gt(0).all()


def test_who_may_trade_alone_is_named_in_no_public_frame(folder: Path) -> None:
    shutil.copytree(BASE, folder / "alone")
    suppliers = folder / "alone/inputs/suppliers.csv"
    lines = suppliers.read_text(encoding="utf-8").splitlines()
    at = lines[0].split(",").index("is_sole_trader")
    cells = [line.split(",") for line in lines]
    for row in cells[1:]:
        row[at] = "yes"
    suppliers.write_text("\n".join(map(",".join, cells)) + "\n", encoding="utf-8")
    report = sv.open_report(str(folder / "alone/publication.yaml"))
    for name in FRAMES:
        frame = report.frame(name)
        assert frame.get("supplier", pd.Series(dtype=object)).dropna().empty
        assert frame.get("supplier_id", pd.Series(dtype=object)).dropna().empty
    assert report.frame("payments")["amount_pence"].sum() != 0


def test_claims_of_a_measure_and_of_a_ward(folder: Path) -> None:
    shutil.copytree(BASE, folder / "exempt")
    with (folder / "exempt/publication.yaml").open("a", encoding="utf-8") as file:
        file.write("profile: exempt\n")
    report = sv.open_report(str(folder / "exempt/publication.yaml"))
    assert set(report.claims(measure="NT10")["measure_ref"]) == {"NT10"}
    for ward in report.council.wards:
        here = report.claims(ward=ward.code)
        figure = report.figure(f"lens.social_value.{ward.code}.place")
        assert here["value_pence"].sum() == figure.value
        pd.testing.assert_frame_equal(here, report.claims(ward=ward.name))


UNKNOWN: dict[str, tuple[Callable[[OpenReport], object], str]] = {
    "text": (lambda report: report.text("suppliers.vsce"), "suppliers.vcse"),
    "table": (lambda report: report.table("suppliers.kindz"), "suppliers.kinds"),
    "chart": (lambda report: report.chart("delivery.stepps"), "delivery.steps"),
    "figure": (lambda report: report.figure("spend.totl.this"), "spend.total.this"),
    "figures": (lambda report: report.figures("spand.*"), "near it"),
    "explain": (lambda report: report.explain("spend.totl.this"), "spend.total.this"),
    "trace": (lambda report: report.trace("spend.totl.this"), "spend.total.this"),
    "frame": (lambda report: report.frame("paymets"), "payments"),
    "ward": (lambda report: report.claims(ward="Estward"), "near it"),
    "measure": (lambda report: report.claims(measure="NT100"), "NT10"),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_an_unknown_name_is_refused_with_those_near_to_it(report: OpenReport, what: str) -> None:
    ask, near = UNKNOWN[what]
    with pytest.raises(ParameterError, match=re.escape(near)):
        ask(report)


def test_a_chart_of_ones_own_says_that_it_is_not_published(report: OpenReport) -> None:
    frame = pd.DataFrame({"Month": ["April", "May"], "Spend": [1_000_000, 250_000]})
    drawn = report.draw(frame, unit="pence", title="Spend by month")
    assert "Not published: worked out in a notebook." in drawn
    assert "data-figure" not in drawn
