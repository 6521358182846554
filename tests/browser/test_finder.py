"""The finder of wards on the index: by part of a name, by postcode, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from made_once import calculate
from playwright.sync_api import Browser, Page
from small_council import DRAWINGS, inputs, publication

from sv_lib.publish.page.context import report_context
from sv_lib.publish.page.index import index_page

pytestmark = pytest.mark.slow
WARDS = [
    {"code": "E05013010", "name": "East & Park", "councillors": 2, "residents": 100, "tile": "0/1"},
    {"code": "E05013011", "name": "West", "councillors": 2, "residents": 100, "tile": "0/0"},
]


MORE = [f"S60 {n}BB | E05013011 | E08000018 | E12000003" for n in range(1, 10)]
POSTCODES = "\n".join([DRAWINGS["postcodes"].strip(), *MORE])
"""A list of places; the one that comes with the small council is little but its suppliers'."""


@dataclass(frozen=True)
class Entry:
    name: str
    title: str
    pages: int = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of the small council, its reports and files empty."""
    folder = tmp_path_factory.mktemp("run")
    entries = [Entry("mid-year", "Mid-year"), Entry("briefing", "Briefing")]
    entries += [Entry(f"wards/{ward['code']}", str(ward["name"])) for ward in WARDS]
    for entry in entries:
        for ending in ("html", "pdf"):
            path = folder / f"{entry.name}.{ending}"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"<title>{entry.title}</title>", encoding="utf-8")
    (folder / "data").mkdir()
    for name in ("mid-year.ods", "mid-year.xlsx", "csv-metadata.json"):
        (folder / "data" / name).touch()
    about = publication(wards=WARDS)
    context = report_context(about, "index", "Small", has_methods=False)
    made = calculate(about, inputs(postcodes=POSTCODES))
    page = index_page(about, made, folder, entries, context, [])
    (folder / "index.html").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture
def index(browser: Browser, folder: Path) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto((folder / "index.html").as_uri())
    yield page
    page.close()


def shown(index: Page) -> list[str]:
    return index.locator("#wards tbody tr:visible th").all_inner_texts()


@pytest.mark.parametrize("typed", ["east & park", "East and Park", "  PARK "])
def test_and_finds_the_sign_for_it(index: Page, typed: str) -> None:
    index.get_by_label("Name of the ward").fill(typed)
    assert shown(index) == ["East & Park"]


def test_a_postcode_finds_its_ward_however_it_is_spaced(index: Page, folder: Path) -> None:
    listed = index.locator("#postcodes dd").last.text_content() or ""
    postcode = listed.split(",")[0].strip()
    for typed in (postcode, postcode.lower().replace(" ", "")):
        index.get_by_label("Name of the ward").fill(typed)
        assert shown(index) == ["West"]
    index.get_by_label("Name of the ward").press("Enter")
    index.wait_for_url("**/wards/E05013011.html")


def test_postcodes_of_suppliers_alone_are_not_listed() -> None:
    about = publication(wards=WARDS)
    assert calculate(about, inputs()).tables["postcodes"].empty
    assert not calculate(about, inputs(postcodes=POSTCODES)).tables["postcodes"].empty


def test_enter_opens_the_first_ward_that_is_left(index: Page) -> None:
    index.get_by_label("Name of the ward").fill("e")
    index.get_by_label("Name of the ward").press("Enter")
    index.wait_for_url("**/wards/E05013010.html")


def test_what_is_found_nowhere_is_said(index: Page) -> None:
    index.get_by_label("Name of the ward").fill("Atlantis")
    assert shown(index) == []
    assert index.get_by_role("status").inner_text() == "0 wards"
    index.get_by_label("Name of the ward").press("Enter")
    assert index.url.endswith("index.html")


def test_the_lenses_switch_without_a_script(browser: Browser, folder: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto((folder / "index.html").as_uri())
    seen = []
    for label in ("Work done there", "Paid to firms there", "Residents who started work"):
        page.get_by_label(label, exact=True).check()
        assert page.locator(".lens:visible").count() == 1
        seen.append(page.locator(".lens:visible").inner_text())
    assert len(set(seen)) == 3
    assert page.locator(".lens-works a[href='wards/E05013010.html']").count() == 1
    page.close()


def test_the_briefing_comes_first(index: Page) -> None:
    names = index.locator(".report-list .report-name").all_inner_texts()
    assert names == ["Briefing", "Mid-year"]


def test_nothing_scrolls_sideways_and_the_first_column_stays(index: Page) -> None:
    assert index.evaluate("document.documentElement.scrollWidth") <= 375
    header = index.locator("#wards tbody th").first
    assert header.evaluate("cell => getComputedStyle(cell).position") == "sticky"
