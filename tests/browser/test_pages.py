"""Pages in a real browser: axe finds nothing, nothing is cut off, a keyboard is enough, no request
is made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_rules import faults
from made_once import calculate
from page_cells import shown
from playwright.sync_api import Browser, Page
from sample_report import CONTEXT, WARD_CONTEXT, mid_year, ward

from sv_lib.figures.calculation import gather
from sv_lib.params import load
from sv_lib.present.markup import join, tag
from sv_lib.present.report import Report
from sv_lib.publish.check import write_page
from sv_lib.publish.check_coverage import coverage
from sv_lib.publish.page.html import page as whole_page
from sv_lib.publish.page.html import to_html

pytestmark = pytest.mark.slow
KINDS = ("check", "methods", "mid-year", "ward")
TABLE, LINK, FOLD = ("DIV", "table-scroll"), ("A", ""), ("SUMMARY", "")
WALKED = {
    "check": {TABLE},
    "methods": {TABLE, LINK},
    "mid-year": {TABLE, LINK, FOLD},
    "ward": {TABLE, LINK, FOLD},
}
"""What the Tab key must come to on each kind of page."""
METHODS = (
    "measure-pages",
    "editions",
    "series-break",
    "worked-through",
    "assumptions",
    "overlaps-found",
    "data-quality",
    "choices",
    "figures-in-full",
)
WIDTHS = (320, 768, 1280)
FOCUSED = """(e => [e.tagName, e.className, getComputedStyle(e).outlineStyle, e.getBoundingClientRect().width])
             (document.activeElement)"""  # noqa: E501 text as a file or a script has it


@pytest.fixture(scope="module")
def pages(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    publication = load(root / "tests" / "bad_inputs" / "base" / "publication.yaml")
    inputs = gather(publication)
    report = Report(publication, calculate(publication, inputs))
    parts = ((tag("h2", name.replace("-", " ")), shown(report, name)) for name in METHODS)
    methods = join([shown(report, "methods-cover"), *(join(part) for part in parts)])
    made = {
        "methods": whole_page(methods, CONTEXT),
        "mid-year": to_html(mid_year(), CONTEXT),
        "ward": to_html(ward(), WARD_CONTEXT),
    }
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made} | {
        "check": write_page(inputs, publication, coverage(inputs, publication), folder)
    }


def opened(browser: Browser, path: Path, width: int, **options: Any) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(browser: Browser, pages: dict[str, Path], kind: str, width: int) -> None:
    page = opened(browser, pages[kind], width)
    assert faults(page) == ""
    page.close()


def test_axe_finds_what_is_wrong(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["ward"], 1280)
    page.evaluate("document.querySelector('main img').removeAttribute('alt')")
    assert "image-alt" in faults(page)
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_scrolls_sideways_and_no_text_is_too_small(
    browser: Browser, pages: dict[str, Path], kind: str, width: int
) -> None:
    page = opened(browser, pages[kind], width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('main *')].map(e => "
        "parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= 12
    drawn = page.evaluate("[...document.images].map(i => [i.naturalWidth, i.clientWidth])")
    for natural, wide in drawn:
        assert natural > 0
        assert 10 * 4 / 3 * wide / natural >= 11  # pixels of a chart's 10 pt text
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_at_200_percent_on_a_laptop(browser: Browser, pages: dict[str, Path], kind: str) -> None:
    page = opened(browser, pages[kind], 640, device_scale_factor=2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_no_request_no_complaint_and_no_script(
    browser: Browser, pages: dict[str, Path], kind: str
) -> None:
    page = browser.new_page(java_script_enabled=False)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(pages[kind].as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [pages[kind].as_uri()]
    assert said == []
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_keyboard_is_enough(browser: Browser, pages: dict[str, Path], kind: str) -> None:
    page = opened(browser, pages[kind], 1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUSED)
        if seen[0] == "BODY":
            break
        reached.add((seen[0], seen[1]))
        assert seen[2] != "none", f"no focus to see on {seen[:2]}"
        assert seen[3] > 0
    assert WALKED[kind] <= reached
    page.close()


def test_the_contents_fold_up_on_a_telephone_and_follow_on_a_desk(
    browser: Browser, pages: dict[str, Path]
) -> None:
    page = opened(browser, pages["mid-year"], 320)
    assert page.locator(".contents-small").is_visible()
    assert not page.locator(".contents-side").is_visible()
    page.locator(".contents-small summary").click()
    page.locator(".contents-small a", has_text="Wards").click()
    assert page.url.endswith("#wards") or page.url.endswith("#wards-2")
    page.close()
    page = opened(browser, pages["mid-year"], 1280)
    assert not page.locator(".contents-small").is_visible()
    page.evaluate("window.scrollTo(0, 3000)")
    box = page.locator(".contents-side").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 100
    page.close()


def test_forced_colours_keep_every_word(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["ward"], 768, forced_colors="active")
    assert page.locator("h1").is_visible()
    assert page.locator(".rag").first.is_visible()
    page.close()
