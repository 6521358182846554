"""Every report of a whole publication, all wards: PDF/UA by veraPDF, reading order, sizes, alt
text, language.
"""

from __future__ import annotations

import csv
import html as entities
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pikepdf
import pytest
import vera_pdf
from axe_rules import faults
from demo_runs import whole_run
from playwright.sync_api import Browser, Page
from read_aloud import read_aloud, should_say

pytestmark = pytest.mark.slow
KILOBYTE = 1_000
SIZES = {"*.html": 1_500, "*.pdf": 1_500, "wards/*.html": 400, "wards/*.pdf": 250}
"""Pattern of a file's name -> the most that it may hold, in kilobytes."""
LONGEST, AVERAGE = 35, 25
"""Words of a sentence."""
MOST_STOPS = 400
"""Of the Tab key on one page; the skip link and the list of sections go past them."""
MONTH = re.compile(r"\b(?:March|May|September|November) \d{4}\b")
NUMBER = re.compile(r"£?\d(?:[\d,.]*\d)?(?:%|bn\b|m\b|k\b)?")


@pytest.fixture(scope="module")
def run() -> Path:
    """The run folder of the mid-year publication with all its ward reports."""
    return whole_run("2022-mid-year").folder


@pytest.fixture(scope="module")
def pdfs(run: Path) -> list[Path]:
    found = sorted(run.rglob("*.pdf"))
    assert len(found) == 28
    return found


@pytest.fixture(scope="module")
def pages(run: Path) -> list[Path]:
    found = sorted(run.rglob("*.html"))
    assert len(found) == 29
    return found


def main_of(page: Path) -> str:
    """The page's own part, without what is folded up on paper or on a screen alone."""
    main = page.read_text(encoding="utf-8").split('tabindex="-1">')[1].split("</main>")[0]
    printed = re.sub(r"<details.*?</details>", "", main, flags=re.DOTALL)
    return re.sub(r'<ul class="figures">.*?</ul>', "", printed, flags=re.DOTALL)


def words_of(markup: str) -> str:
    return " ".join(entities.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


@pytest.fixture
def has_vera_pdf() -> None:
    """veraPDF needs Java, and once a network to be fetched; a run without it says so in its last
    lines.
    """
    if reason := vera_pdf.why_not():
        # Java is no package of ours; the last lines of a run count what was left out.
        pytest.skip(reason)


@pytest.mark.usefixtures("has_vera_pdf")
def test_vera_pdf_finds_nothing_in_any_report(pdfs: list[Path]) -> None:
    found = vera_pdf.verdicts(pdfs)
    assert found.keys() == set(pdfs)
    assert {path.name: verdict.failed for path, verdict in found.items() if verdict.failed} == {}
    assert all(verdict.checks > 5_000 for verdict in found.values())


@pytest.mark.usefixtures("has_vera_pdf")
def test_vera_pdf_finds_what_is_wrong(pdfs: list[Path], tmp_path: Path) -> None:
    with pikepdf.open(pdfs[-1]) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure":
                del item["/Alt"]
        del pdf.Root.Lang
        pdf.save(tmp_path / "broken.pdf")
    failed = vera_pdf.verdicts([tmp_path / "broken.pdf"])[tmp_path / "broken.pdf"].failed
    assert {rule.split()[0] for rule in failed} >= {"7.2-33", "7.3-1"}


def test_every_pdf_says_every_word_of_its_page_in_the_same_order(pdfs: list[Path]) -> None:
    """As a screen reader goes through it, and no word more."""
    for pdf in pdfs:
        page = pdf.with_suffix(".html").read_text(encoding="utf-8")
        assert should_say(page).fullmatch(read_aloud(pdf)), pdf.name


def test_no_list_and_no_paragraph_is_parted_by_a_page(pdfs: list[Path]) -> None:
    for pdf in pdfs:
        said = main_of(pdf.with_suffix(".html"))
        with pikepdf.open(pdf) as opened:
            tags = Counter(
                str(item.S)
                for item in opened.objects
                if is_tag(item) and item.P.get("/S") != "/LBody"
            )
        assert tags["/L"] == len(re.findall("<(?:ul|ol|dl)", said)), pdf.name
        assert tags["/Table"] == said.count("<table"), pdf.name
        outside_lists = re.sub("<li.*?</li>", "", said, flags=re.DOTALL)
        # A block of code is one paragraph too.
        assert tags["/P"] == len(re.findall("<(?:p|pre)[ >]", outside_lists)), pdf.name


def is_tag(item: object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"


@pytest.mark.parametrize("pattern", SIZES)
def test_no_file_is_heavy(run: Path, pattern: str) -> None:
    found = list(run.glob(pattern))
    assert found
    assert {
        path.name: path.stat().st_size
        for path in found
        if path.stat().st_size > SIZES[pattern] * KILOBYTE
    } == {}


def test_every_number_in_alt_text_is_a_figure(run: Path, pages: list[Path]) -> None:
    with (run / "figures.csv").open(encoding="utf-8", newline="") as file:
        shown = {row["display"].lstrip("+−") for row in csv.DictReader(file)}
    alts = {
        alt
        for page in pages
        for alt in re.findall(r'<img\b[^>]* alt="([^"]*)"', page.read_text("utf-8"))
    }
    # The year of "the half-year to March 2021" names a period, and is no figure.
    texts = [MONTH.sub("", entities.unescape(alt)) for alt in alts]
    numbers = {number for text in texts for number in NUMBER.findall(text)}
    assert len(numbers) > 50
    assert numbers - shown == set()


def sentences(page: Path) -> list[str]:
    """The sentences of paragraphs and lists; a list within a line, after a colon, counts by its
    items.
    """
    prose = re.sub(r"<table.*?</table>", "", main_of(page), flags=re.DOTALL)
    blocks = (
        words_of(text) for _, text in re.findall(r"<(p|li|dd)\b[^>]*>(.*?)</\1>", prose, re.DOTALL)
    )
    ends = r"(?<=[.!?])\s+(?=[A-Z£\d\[\"])"
    apart = (re.split(rf"{ends}|;\s" if ":" in block else ends, block) for block in blocks)
    return [sentence for sentence in chain.from_iterable(apart) if len(sentence.split()) > 3]


def test_sentences_are_short(pages: list[Path]) -> None:
    for page in pages:
        lengths = {sentence: len(sentence.split()) for sentence in sentences(page)}
        assert {sentence for sentence, length in lengths.items() if length > LONGEST} == set(), (
            page.name
        )
        assert sum(lengths.values()) / len(lengths) <= AVERAGE, page.name


@pytest.fixture
def index(browser: Browser, run: Path) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((run / "index.html").as_uri())
    yield page
    page.close()


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("kind", ["index", "mid-year", "methods", "wards/E05012996"])
def test_axe_finds_nothing_on_any_kind_of_page(
    browser: Browser, run: Path, kind: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((run / f"{kind}.html").as_uri())
    assert faults(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_no_page_scrolls_sideways_on_the_smallest_telephone(browser: Browser, run: Path) -> None:
    """Every ward's page is looked at: a card of one of them had words that would not break."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    widths = {}
    for path in sorted(run.rglob("*.html")):
        page.goto(path.as_uri())
        widths[path.stem] = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert {name: width for name, width in widths.items() if width > 320} == {}


@pytest.mark.parametrize("kind", ["index", "mid-year", "methods", "wards/E05012996"])
def test_the_tab_key_walks_to_the_foot_of_any_kind_of_page(
    browser: Browser, run: Path, kind: str
) -> None:
    """Each stop shows where it is, the same place never comes twice, and a page of 1,000 figures is
    bearable.
    """
    page = browser.new_page(viewport={"width": 640, "height": 450}, device_scale_factor=2)
    page.goto((run / f"{kind}.html").as_uri())
    stops = 0
    while True:
        page.keyboard.press("Tab")
        tag, outline = page.evaluate(
            "[document.activeElement.tagName, "
            "getComputedStyle(document.activeElement).outlineStyle]"
        )
        if tag == "BODY":
            break
        stops += 1
        assert outline != "none"
        assert stops < MOST_STOPS
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.close()


def test_every_link_of_the_index_leads_to_a_file(index: Page, run: Path) -> None:
    addresses = index.evaluate("[...document.links].map(link => link.getAttribute('href'))")
    files = {address.split("#")[0] for address in addresses if not address.startswith("#")}
    assert {address for address in files if not (run / address).is_file()} == set()
    methods = (run / "methods.html").read_text(encoding="utf-8")
    places = {address.split("#")[1] for address in addresses if address.startswith("methods.html#")}
    assert {place for place in places if f'id="{place}"' not in methods} == set()
    assert {path.relative_to(run).as_posix() for path in run.rglob("*.html")} - files == {
        "index.html"
    }
    assert {path.relative_to(run).as_posix() for path in run.rglob("*.pdf")} <= files


def test_every_ward_report_is_two_pages(pdfs: list[Path]) -> None:
    pages = {}
    for path in pdfs:
        if path.parent.name == "wards":
            with pikepdf.open(path) as pdf:
                pages[path.stem] = len(pdf.pages)
    assert len(pages) == 25
    assert {ward: count for ward, count in pages.items() if count != 2} == {}


def test_a_ward_is_found_by_part_of_its_name(index: Page) -> None:
    rows = index.locator("#wards tbody tr")
    assert rows.count() == 25
    index.get_by_label("Name of the ward").fill("maltby")
    assert index.locator("#wards tbody tr:visible th").all_inner_texts() == [
        "Hellaby & Maltby West",
        "Maltby East",
    ]
    assert index.get_by_role("status").inner_text() == "2 wards"
    index.get_by_role("link", name="Maltby East", exact=True).first.click()
    assert index.locator("h1").inner_text() == "Ward report: Maltby East"


def test_the_index_needs_no_script(browser: Browser, run: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto((run / "index.html").as_uri())
    assert page.locator("#wards tbody tr:visible").count() == 25
    assert not page.locator("#finder").is_visible()
    page.close()


def test_the_index_runs_its_own_script_and_no_other(index: Page) -> None:
    said: list[str] = []
    index.on("console", lambda message: said.append(message.text))
    index.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), "
        "{textContent: 'document.title = 1'}))"
    )
    assert index.title() != "1"
    assert any("Content Security Policy" in line for line in said)


def test_the_index_says_what_there_is(index: Page) -> None:
    headings = index.locator("h2").all_inner_texts()
    assert headings == [
        "Reports",
        "Find a ward",
        "What changed since the last publication",
        "Data",
        "What the checks found",
        "Accessibility statement",
    ]
    assert index.locator(".card").count() == 5
    sizes = index.locator(".report-list li p:nth-child(2)").all_inner_texts()
    assert len(sizes) == 3
    assert all(
        re.search(r"Web page, or PDF.*\(\d+ pages?, \d+ kB\)", text, re.DOTALL) for text in sizes
    )
    assert not index.locator("#findings-table").is_visible()
    assert index.locator("#map-works a[href^=wards]").count() == 25
