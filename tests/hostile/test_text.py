"""Hostile text in every free-text field comes out as text: in pages, pictures, PDF, workbooks, CSV
and notebooks.
"""

from __future__ import annotations

import csv
import html
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pikepdf
import pytest
from council import FREE
from payloads import ALL, FORMULAS, MARK, MARKDOWN, MARKUP
from playwright.sync_api import sync_playwright

from sv_lib.present.markdown import story_text
from sv_lib.present.markup import text_of
from sv_lib.publish.page.html import markdown
from sv_lib.publish.page.index import SCRIPT

pytestmark = pytest.mark.slow
CHROMIUM = Path("/usr/bin/chromium")
LINK = re.compile(r"(https:|mailto:|#|data:image/|(?![a-z+.-]+:)[^/\\])", re.IGNORECASE)
SCAN = """() => [...document.querySelectorAll('*')].flatMap(e => [
    ...(e.tagName == 'SCRIPT' ? ['SCRIPT ' + e.textContent.trim()] : []),
    ...(/^(IFRAME|OBJECT|EMBED|FORM|BASE|LINK|VIDEO|AUDIO)$/i.test(e.tagName) ? [e.tagName] : []),
    ...(e.tagName == 'META' && e.httpEquiv && e.httpEquiv != 'Content-Security-Policy' ? ['META ' + e.httpEquiv] : []),
    ...[...e.attributes].filter(a => a.name.startsWith('on') || a.name == 'srcdoc').map(a => e.tagName + ' ' + a.name),
    ...[...e.attributes].filter(a => ['href', 'src', 'action', 'srcset'].includes(a.name)).map(a => '=' + a.value)])"""  # noqa: E501 text as a file or a script has it


def test_there_are_enough_payloads_and_each_is_its_own() -> None:
    assert len(ALL) == len(set(ALL)) >= 60


def loaded(pages: list[Path], with_policy: bool) -> dict[str, Any]:
    """What Chromium did and holds after opening the pages, unfolding, focusing and hovering over
    everything.
    """
    seen: dict[str, Any] = {"dialogs": [], "console": [], "requests": [], "parts": []}
    with sync_playwright() as started:
        where = {"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {}
        browser = started.chromium.launch(args=["--no-sandbox", "--disable-gpu"], **where)
        context = browser.new_context(bypass_csp=not with_policy)
        page = context.new_page()
        page.on("dialog", lambda dialog: (seen["dialogs"].append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: seen["console"].append(message.text))
        page.on("pageerror", lambda error: seen["console"].append(str(error)))
        page.on("request", lambda request: seen["requests"].append(request.url))
        for path in pages:
            text = path.read_text(encoding="utf-8")
            assert 'http-equiv="Content-Security-Policy"' in text
            page.goto(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.evaluate(
                "document.querySelectorAll('main *').forEach(e => { e.focus?.(); for (const kind of"
                " ['mouseover', 'toggle', 'load', 'error']) e.dispatchEvent(new Event(kind)) })"
            )
            seen["parts"] += page.evaluate(SCAN)
        browser.close()
    return seen


@pytest.mark.parametrize("with_policy", [True, False], ids=["policy on", "policy off"])
def test_nothing_is_active_in_a_browser(
    hostile_run: Path, with_policy: bool, record_property: Callable[[str, object], None]
) -> None:
    """Without the pages' own policy too: what is escaped needs no policy to be harmless."""
    seen = loaded(sorted(hostile_run.rglob("*.html")), with_policy)
    assert (seen["dialogs"], seen["console"]) == ([], [])
    assert [url for url in seen["requests"] if not url.startswith(("file:", "data:"))] == []
    own = f"SCRIPT {SCRIPT.strip()}"  # the finder of wards on the index page, once
    assert [part for part in seen["parts"] if not part.startswith("=")] == [own]
    links = {part[1:] for part in seen["parts"] if part.startswith("=")}
    assert [link for link in links if MARK in link and not link.startswith(("#", "data:"))] == []
    assert [link for link in links if not LINK.match(link)] == []
    if with_policy:
        record_property(
            "payloads in every free-text field, in HTML, PDF, pictures, workbooks and CSV", len(ALL)
        )


def test_the_payloads_are_really_printed(hostile_run: Path) -> None:
    said = " ".join(text_of_page(path) for path in hostile_run.rglob("*.html"))
    assert sum(text in said for text in MARKUP) >= 30
    assert "<script>alert(1)</script>" in said


def text_of_page(path: Path) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8")))


RUNNING = ("script", "foreignObject", "a", "iframe", "handler", "animate", "set")


def pictures(run: Path) -> Iterator[str]:
    for path in run.rglob("*.html"):
        for found in re.findall(
            r'data:image/svg\+xml[^,"]*,([^"]*)', path.read_text(encoding="utf-8")
        ):
            yield unquote(html.unescape(found))


def test_nothing_is_active_in_a_picture(hostile_run: Path) -> None:
    drawn = 0
    for source in pictures(hostile_run):
        drawn += 1
        for part in ElementTree.fromstring(source).iter():  # noqa: S314 made here, by matplotlib
            assert part.tag.split("}")[-1] not in RUNNING
            for name, value in part.attrib.items():
                assert not name.split("}")[-1].startswith("on"), name
                assert not name.endswith("href") or value.startswith(("#", "data:image/png")), value
        assert MARK not in re.sub(r">[^<]*<", "><", source), "an address outside text"
    assert drawn >= 4


FORBIDDEN = {
    "/JavaScript",
    "/JS",
    "/Launch",
    "/AA",
    "/SubmitForm",
    "/ImportData",
    "/GoToR",
    "/GoToE",
    "/RichMedia",
    "/EmbeddedFile",
    "/EmbeddedFiles",
    "/XFA",
    "/Rendition",
    "/Movie",
    "/Sound",
}


def names_and_links(value: Any, seen: set[str], links: set[str], depth: int = 0) -> None:
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream) and depth < 20:
        for key, item in value.items():
            seen.add(key)
            if key in ("/S", "/Type", "/Subtype"):
                seen.add(str(item))
            if key == "/URI":
                links.add(str(item))
            if not getattr(item, "is_indirect", False):
                names_and_links(item, seen, links, depth + 1)
    elif isinstance(value, pikepdf.Array):
        for item in value:
            if not getattr(item, "is_indirect", False):
                names_and_links(item, seen, links, depth + 1)


def test_nothing_is_active_in_a_pdf(hostile_run: Path) -> None:
    for path in sorted(hostile_run.rglob("*.pdf")):
        seen: set[str] = set()
        links: set[str] = set()
        with pikepdf.open(path) as pdf:
            for item in pdf.objects:
                names_and_links(item, seen, links)
            assert "/OpenAction" not in pdf.Root or "/S" not in pdf.Root["/OpenAction"]
        assert seen & FORBIDDEN == set(), path.name
        page = path.with_suffix(".html").read_text(encoding="utf-8")
        assert links <= {
            html.unescape(link) for link in re.findall(r'<a[^>]* href="(https:[^"]*)"', page)
        }
        assert [link for link in links if MARK in link] == []


def test_no_formula_is_live_in_a_csv(hostile_run: Path) -> None:
    cells = 0
    for path in sorted(hostile_run.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.reader(file), 1):
                for cell in row:
                    cells += cell.startswith("'=")
                    bare = cell.lstrip(" \ufeff\u200b")
                    assert not bare.startswith(("=", "@", "\t", "\r", "＝", "＋", "－", "＠")), (
                        f"{path.name}:{number}: {cell!r}"
                    )
                    assert not re.match(r"[-+](?!£?\d[\d,.]*( ?[a-z%]+)*$)", bare), (
                        f"{path.name}:{number}: {cell!r}"
                    )
    assert cells > 100


def test_no_formula_or_link_is_live_in_a_workbook(hostile_run: Path) -> None:
    (book,) = hostile_run.rglob("*.xlsx")
    with zipfile.ZipFile(book) as package:
        assert [
            name
            for name in package.namelist()
            if re.search("external|vba|macro|embed|query", name, re.I)
        ] == []
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        for name in sheets:
            sheet = package.read(name).decode()
            assert re.findall(r"<f[ >]|<dataValidation|<oleObject", sheet) == []
            assert set(re.findall(r' t="([^"]*)"', sheet)) <= {"s", "n"}
        relations = "".join(
            package.read(name).decode() for name in package.namelist() if name.endswith(".rels")
        )
        assert re.findall(r'TargetMode="External"', relations) == []
        assert "alert(1)" in package.read("xl/sharedStrings.xml").decode()
    (book,) = hostile_run.rglob("*.ods")
    with zipfile.ZipFile(book) as package:
        content = package.read("content.xml").decode()
        tags = re.findall(r"<[^>]*>", content)
        assert [
            tag
            for tag in tags
            if re.search(r"table:formula|<script:|office:scripts|<text:dde|<draw:object", tag)
        ] == []
        assert [
            link
            for link in re.findall(r'xlink:href="([^"]*)"', content)
            if not link.startswith("#")
        ] == []
        assert set(re.findall(r'office:value-type="([^"]*)"', content)) <= {
            "string",
            "float",
            "date",
            "currency",
        }
        said = html.unescape(content)
        assert sum(text in said for text in FORMULAS) >= 10


class Active(HTMLParser):
    """What in a piece of markup could run or load something."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] * (
            tag in ("script", "iframe", "object", "embed", "form", "base", "link", "meta")
        )
        for name, value in attrs:
            loads = name in ("href", "src", "srcset", "action") and not LINK.match(value or "")
            self.found += [f"{tag} {name}"] * (loads or name.startswith("on") or name == "srcdoc")


def test_nothing_is_active_in_an_executed_notebook(hostile_run: Path) -> None:
    for path in hostile_run.rglob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                kinds = set(output.get("data", {}))
                assert kinds <= {"text/html", "text/plain", "image/svg+xml", "text/markdown"}, kinds
                assert Active("".join(output.get("data", {}).get("text/html", ""))).found == []


@pytest.mark.parametrize("text", [*MARKDOWN, *MARKUP])
@pytest.mark.parametrize("render", [story_text, markdown], ids=["story", "notebook"])
def test_markdown_lets_no_markup_through(render: Callable[[str], str], text: str) -> None:
    made = render(text)
    tags = set(re.findall(r"<([a-z][a-z0-9]*)", made))
    assert tags <= (
        {"em", "strong", "code"}
        if render is story_text
        else {*["p", "em", "strong", "code", "h1", "a", "img"]}
    )
    assert [part for part in Active(made).found if part != "img src"] == []


def test_every_free_text_field_holds_every_payload(root: Path, tmp_path: Path) -> None:
    from council import KEYS, _enough

    assert all(columns for columns in FREE.values())
    assert all(len(list(_enough([{KEYS[name]: "1"}], KEYS[name]))) == len(ALL) for name in KEYS)
    assert text_of("<b>") == "<b>"
