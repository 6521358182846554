"""The pieces of the pages: what notebooks name is there, and what is there is on a page."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from page_cells import PAGES, run, sources

import sv_lib as sv
from sv_lib.errors import ParameterError
from sv_lib.present import pieces, sections
from sv_lib.present.cards import beside
from sv_lib.present.explore import OpenReport
from sv_lib.present.ladder import LADDER
from sv_lib.present.markup import Html

BASE = Path(__file__).resolve().parents[2] / "bad_inputs" / "base"
NAMED = re.compile(r'report\.(text|table|chart)\("([^"]+)"\)')
MADE = {"text": pieces.TEXTS, "table": pieces.TABLES, "chart": pieces.CHARTS}
NOT_PRINTED: set[tuple[str, str]] = set()
"""Pieces that no standard notebook prints: none."""


@pytest.fixture(scope="module")
def report() -> OpenReport:
    return sv.open_report(str(BASE / "publication.yaml"))


@pytest.fixture(scope="module")
def ward(report: OpenReport) -> OpenReport:
    return OpenReport(report.publication, report.calculation, report.council.wards[0].code)


def printing(name: str) -> dict[str, str]:
    """The cells of a notebook that name pieces."""
    return {one: source for one, source in sources(name).items() if NAMED.search(source)}


def named(name: str) -> list[tuple[str, str]]:
    return NAMED.findall("\n".join(printing(name).values()))


def test_every_piece_that_a_notebook_names_is_there(ward: OpenReport) -> None:
    known = {"text": ward.texts(), "table": ward.tables(), "chart": ward.charts()}
    for name in PAGES:
        assert [one for one in named(name) if one[1] not in known[one[0]]] == []


def test_every_piece_that_is_there_is_on_one_page_once() -> None:
    everywhere = [one for name in PAGES for one in named(name)]
    made = {(kind, name) for kind, every in MADE.items() for name in every}
    assert made - set(everywhere) == NOT_PRINTED
    assert len(everywhere) == len(set(everywhere))


def test_a_report_that_is_no_wards_has_none_of_their_pieces(
    report: OpenReport, ward: OpenReport
) -> None:
    assert "ward.ending" in ward.tables()
    assert "ward.ending" not in report.tables()
    with pytest.raises(ParameterError, match="there is no table of that name"):
        report.table("ward.ending")


def test_all_modules_of_the_sections_name_their_pieces() -> None:
    for path in Path(str(sections.__file__)).parent.glob("[a-z]*.py"):
        assert f"{sections.__name__}.{path.stem}" in sys.modules


@pytest.mark.parametrize("name", ["main", "briefing", "ward"])
def test_cells_in_any_order_and_twice_print_the_same(
    report: OpenReport, ward: OpenReport, name: str
) -> None:
    cells = printing(name)
    shown = ward if name == "ward" else report
    first = {one: run(source, shown) for one, source in cells.items()}
    again = {one: run(cells[one], shown) for one in [*reversed(cells), *cells]}
    assert again == first
    assert sum(map(bool, first.values())) > len(first) / 2


def test_a_section_of_the_other_kind_prints_nothing(report: OpenReport) -> None:
    assert not report.is_annual
    of_kinds = {name: needs.only for name, needs in LADDER.sections.items() if needs.only}
    assert set(of_kinds.values()) == {"annual", "mid-year"}
    for kind, name in named("main"):
        if of_kinds.get(pieces.section_of(name)) == "annual":
            assert getattr(report, kind)(name) == ""
    assert report.text("forecast.lead")


def test_a_piece_whose_tables_are_missing_prints_nothing(report: OpenReport) -> None:
    files = report.frame("files")
    tables = {**report.calculation.tables, "files": files[files["table"] == "payments"]}
    calculation = type(report.calculation)(**{**vars(report.calculation), "tables": tables})
    alone = OpenReport(report.publication, calculation)
    for kind, name in (("text", "suppliers.vcse"), ("table", "suppliers.kinds")):
        assert getattr(report, kind)(name)
        assert getattr(alone, kind)(name) == ""
    assert alone.text("spend.lead")


def test_what_is_beside_nothing_has_the_width_alone() -> None:
    one, other = Html("<p>a</p>"), Html("<p>b</p>")
    assert beside(one, Html()) == one
    assert beside(one, other).count('class="column"') == 2


def test_no_two_pieces_have_one_name() -> None:
    with pytest.raises(ValueError, match=r"two pieces are named suppliers\.awards"):
        pieces.text("suppliers.awards")(lambda report: Html(report.words["place"]))
