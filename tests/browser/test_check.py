"""The check page in a browser: filtered by file, gravity and word; whole without a script; on
paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from sv_lib.figures.calculation import gather
from sv_lib.intake.findings import Finding
from sv_lib.params import load
from sv_lib.publish.check import write_page
from sv_lib.publish.check_coverage import coverage

pytestmark = pytest.mark.slow
FOUND = (
    Finding("stop", "inputs/a.csv", 2, "ward", "'Nroth'", "no ward", "correct it"),
    *(
        Finding("warn", "inputs/b.csv", row, "date", f"'x{row}'", "no date", "ask")
        for row in range(9)
    ),
    Finding("warn", "inputs/a.csv", 4, "date", "'y4'", "no date", "ask"),
    Finding("note", "inputs/c.csv", None, "", "guessed", "no layout", "keep it"),
)
ALL = ["1. stops a run", "2. to look at", "3. to know"]


@pytest.fixture(scope="module")
def written(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    publication = load(root / "tests" / "bad_inputs" / "base" / "publication.yaml")
    inputs = gather(publication)
    known = coverage(inputs, publication)
    folder = tmp_path_factory.mktemp("check")
    return write_page(replace(inputs, findings=FOUND), publication, known, folder)


@pytest.fixture
def check(browser: Browser, written: Path) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto(written.as_uri())
    yield page
    page.close()


def shown(check: Page) -> list[str]:
    return check.locator("#findings tbody tr:visible > th").all_inner_texts()


def test_findings_are_filtered_by_file_gravity_and_word(check: Page) -> None:
    assert shown(check) == ALL
    check.get_by_label("File", exact=True).select_option("inputs/a.csv")
    assert shown(check) == ALL[:2]
    check.get_by_label("How grave").select_option("to look at")
    assert shown(check) == ALL[1:2]
    assert check.get_by_role("status").inner_text() == "1 kind of finding"
    check.get_by_label("File", exact=True).select_option("all files")
    check.get_by_label("How grave").select_option("all")
    check.get_by_label("With this word").fill(" X8")  # in a place that is folded
    assert shown(check) == ALL[1:2]


def test_what_is_found_nowhere_is_said(check: Page) -> None:
    check.get_by_label("With this word").fill("Atlantis")
    assert shown(check) == []
    assert check.get_by_role("status").inner_text() == "0 kinds of finding"


def test_without_a_script_the_list_is_whole_and_has_no_filter(
    browser: Browser, written: Path
) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(written.as_uri())
    assert shown(page) == ALL
    assert not page.locator("#finder").is_visible()
    page.locator("#findings summary").click()
    assert page.get_by_text("'x8'").is_visible()
    page.close()


def test_bars_are_as_long_as_the_shares_beside_them(check: Page) -> None:
    cell = check.locator("#coverage td:has(svg)").first
    assert cell.inner_text().strip() == "66.7%"
    whole, known = (cell.locator(name).bounding_box() for name in ("svg", ".known"))
    assert whole is not None
    assert known is not None
    assert known["width"] / whole["width"] == pytest.approx(0.667, abs=0.001)
    unknown = check.locator("#coverage tr", has_text="no beneficiaries supplied")
    assert unknown.locator("svg").count() == 0
    assert "not known" in unknown.inner_text()


def test_paper_has_the_list_that_is_left_and_no_filter(check: Page) -> None:
    check.get_by_label("How grave").select_option("stops a run")
    check.emulate_media(media="print")
    assert shown(check) == ALL[:1]
    assert not check.locator("#finder").is_visible()
    assert check.locator("#coverage svg").first.is_visible()
