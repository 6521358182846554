"""PDFs: what pikepdf and poppler can check of PDF/UA-1; docs/accessibility.md says what else is
checked.
"""

from __future__ import annotations

import html as entities
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sample_report import CONTEXT, WARD_CONTEXT, mid_year, ward

from sv_lib.errors import RenderError
from sv_lib.present.formats import Amount
from sv_lib.present.markup import Html, tag
from sv_lib.present.tables import DataTable, TableColumn
from sv_lib.present.tables import to_html as to_html_table
from sv_lib.publish.page.html import page, to_html
from sv_lib.publish.page.pdf import to_pdf

pytestmark = pytest.mark.slow
KINDS = {"mid-year": (mid_year, CONTEXT, 5), "ward": (ward, WARD_CONTEXT, 2)}


@pytest.fixture(scope="module", params=KINDS)
def report(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    make, context, pages = KINDS[request.param]
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    html = to_html(make(), context)
    assert to_pdf(html, path, context) == pages
    with pikepdf.open(path) as pdf:
        yield {
            "path": path,
            "pdf": pdf,
            "html": html,
            "context": context,
            "tree": list(walk(pdf.Root.StructTreeRoot.K[0])),
        }


def walk(element: Any, above: str = "") -> Iterator[tuple[str, Any, str]]:
    """Every structure element in reading order: its tag, itself, the tag above it."""
    if not isinstance(element, pikepdf.Dictionary) or "/S" not in element:
        return
    name = str(element.S)
    yield name, element, above
    below = element.get("/K", [])
    for child in below if isinstance(below, pikepdf.Array) else [below]:
        yield from walk(child, name)


def words(path: Path, *options: str) -> str:
    done = subprocess.run(
        ["pdftotext", *options, str(path), "-"], capture_output=True, check=True, text=True
    )
    return done.stdout


def test_it_says_what_it_is(report: dict[str, Any]) -> None:
    root = report["pdf"].Root
    assert str(root.Lang) == "en-GB"
    assert root.MarkInfo.Marked
    assert root.ViewerPreferences.DisplayDocTitle
    with report["pdf"].open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == report["context"].title
        assert metadata["xmp:CreateDate"] == "2022-06-30"


def test_headings_never_skip_a_level(report: dict[str, Any]) -> None:
    levels = [int(name[2]) for name, _, _ in report["tree"] if re.fullmatch(r"/H[1-6]", name)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert len(report["pdf"].open_outline().root) == 1


def test_every_image_has_its_words_and_its_values(report: dict[str, Any]) -> None:
    alts = [
        str(element.get("/Alt", "")) for name, element, _ in report["tree"] if name == "/Figure"
    ]
    pairs = re.findall(r'alt="([^"]*)" data-values="([^"]*)"', report["html"])
    assert alts == [entities.unescape(f"{alt} {values}") for alt, values in pairs]
    assert alts


def test_every_table_header_has_its_scope(report: dict[str, Any]) -> None:
    for name, element, _ in report["tree"]:
        if name == "/TR":
            section = str(element.P.S)
            scopes = {str(cell.A.Scope) for cell in element.K if str(cell.S) == "/TH"}
            assert scopes == ({"/Column"} if section == "/THead" else {"/Row"})
    assert any(name == "/TH" for name, _, _ in report["tree"])


def test_a_table_over_three_pages_is_one_table_to_a_screen_reader(tmp_path: Path) -> None:
    rows = tuple((f"Ward {number}", Amount(number, "people")) for number in range(120))
    table = DataTable(
        "wards",
        "All wards",
        (TableColumn("Ward"), TableColumn("Hired", "people", "bare")),
        rows,
        "Returns",
    )
    assert (
        to_pdf(
            page(tag("h1", "Report") + to_html_table(table), CONTEXT),
            tmp_path / "long.pdf",
            CONTEXT,
        )
        == 3
    )
    with pikepdf.open(tmp_path / "long.pdf") as pdf:
        tree = list(walk(pdf.Root.StructTreeRoot.K[0]))
        assert [name for name, _, _ in tree].count("/Table") == 1
        assert [name for name, _, _ in tree].count("/TR") == 121
        names = {str(element.ID) for name, element, _ in tree if name == "/TH"}
        for name, element, _ in tree:
            assert name != "/TD" or {str(header) for header in element.A.Headers} <= names
    assert words(tmp_path / "long.pdf").count("people") == 3  # the header is printed on every page


@pytest.mark.parametrize(("height", "lines"), [(100, 40), (180, 80), (236, 1)])
def test_a_caption_parted_from_its_rows_stays_with_them(
    tmp_path: Path, height: int, lines: int
) -> None:
    """However many pages the caption goes over: one table, one caption, then its header and
    rows.
    """
    rows = tuple((f"Ward {number}", Amount(number, "people")) for number in range(5))
    columns = (TableColumn("Ward"), TableColumn("Hired", "people", "bare"))
    table = DataTable("wards", "All the wards of it. " * 5 * lines, columns, rows, "Returns")
    above = tag("h1", "Report") + Html(f'<div style="height:{height}mm">Above</div>')
    to_pdf(page(above + to_html_table(table), CONTEXT), tmp_path / "long.pdf", CONTEXT)
    with pikepdf.open(tmp_path / "long.pdf") as pdf:
        tree = list(walk(pdf.Root.StructTreeRoot.K[0]))
    assert [name for name, _, above in tree if above == "/Table"] == [
        "/Caption",
        "/THead",
        "/TBody",
    ]


def test_every_font_is_ours_and_embedded(report: dict[str, Any]) -> None:
    for sheet in report["pdf"].pages:
        for font in sheet.Resources.Font.values():
            assert "Source-Sans-Pro" in str(font.BaseFont)
            assert (
                "/FontFile2" in font.DescendantFonts[0].FontDescriptor
                or "/FontFile3" in font.DescendantFonts[0].FontDescriptor
            )


def test_links_say_where_they_go_and_lead_there(report: dict[str, Any]) -> None:
    names = set(
        map(str, pikepdf.NameTree(report["pdf"].Root.Names.Dests))
        if "/Names" in report["pdf"].Root
        else ()
    )
    for sheet in report["pdf"].pages:
        for link in sheet.get("/Annots", []):
            assert str(link.Contents).startswith("Go to: ")
            assert str(link.Dest) in names
    for name, element, _ in report["tree"]:
        if name == "/Link":
            assert any(
                isinstance(part, pikepdf.Dictionary) and part.get("/Type") == "/OBJR"
                for part in element.K
            )


def test_every_page_says_which_report_and_how_final(report: dict[str, Any]) -> None:
    pages = words(report["path"], "-layout").split("\f")[:-1]
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Demonstration: synthetic data" in text
        assert report["context"].report_title in text
        assert "data as at 30 June 2022" in text


def test_running_heads_are_artifacts_and_everything_else_is_in_the_tree(
    report: dict[str, Any],
) -> None:
    inside: dict[Any, set[int]] = {}
    for _, element, _ in report["tree"]:
        numbers = {int(part) for part in element.get("/K", []) if isinstance(part, int)}
        if numbers:
            inside.setdefault(element.Pg.objgen, set()).update(numbers)
    for number, sheet in enumerate(report["pdf"].pages):
        content = sheet.Contents.read_bytes()
        assert {int(found) for found in re.findall(rb"/MCID (\d+)", content)} == inside[
            sheet.objgen
        ]
        assert content.count(b"/Subtype /Header") == (2 if number else 0)
        assert content.count(b"/Subtype /Footer") == 2


def test_reading_order_is_that_of_the_page(report: dict[str, Any], tmp_path: Path) -> None:
    """Every word of the page in the order of the structure tree; bullets come on top."""
    html = re.sub(r'<div class="print-contents">.*?</div>', "", report["html"], flags=re.DOTALL)
    to_pdf(html, tmp_path / "report.pdf", report["context"])
    main = re.sub(
        r"<details.*?</details>",
        "",
        html.split('tabindex="-1">')[1].split("</main>")[0],
        flags=re.DOTALL,
    )
    expected = plain(main)
    done = ["pdfinfo", "-struct-text", str(tmp_path / "report.pdf")]
    lines = subprocess.run(done, capture_output=True, check=True, text=True).stdout.splitlines()
    read = [
        line.strip()[1:-1]
        for before, earlier, line in zip(["", "", *lines], ["", *lines], lines, strict=False)
        if line.strip().startswith('"') and "/BBox" not in earlier and "Lbl" not in before
    ]
    assert re.sub(r"\s+", "", "".join(read)) == expected


def plain(html: str) -> str:
    return re.sub(r"\s+", "", entities.unescape(re.sub(r"<[^>]*>", "", html)))


def test_it_is_small(report: dict[str, Any]) -> None:
    assert report["path"].stat().st_size < 250_000


def test_page_one_is_exactly_one_page(report: dict[str, Any]) -> None:
    if report["context"] is CONTEXT:
        first, second = words(report["path"]).split("\f")[:2]
        assert "What we cannot yet say" in first
        assert "Coverage:" in first
        assert "Progress on the year" not in first
        assert second.strip().startswith(("In this report", "Social value: mid-year report"))


def test_the_same_bytes_in_another_process_and_whatever_was_made_before(tmp_path: Path) -> None:
    source, tests = tmp_path / "page.html", Path(__file__).parents[2]
    source.write_text(to_html(ward(), WARD_CONTEXT), encoding="utf-8")
    to_pdf(to_html(mid_year(), CONTEXT), tmp_path / "before.pdf", CONTEXT)
    to_pdf(source.read_text(encoding="utf-8"), tmp_path / "first.pdf", WARD_CONTEXT)
    program = (
        "import sys; sys.path[:0] = sys.argv[3:]; from pathlib import Path; import "
        "sample_report as s;"
        "from sv_lib.publish.page.pdf import to_pdf; html = "
        "Path(sys.argv[1]).read_text(encoding='utf-8');"
        "to_pdf(html, Path(sys.argv[2]), s.WARD_CONTEXT)"
    )
    subprocess.run(
        [sys.executable, "-c", program, source, tmp_path / "again.pdf", tests.parent, tests],
        check=True,
    )
    assert (tmp_path / "again.pdf").read_bytes() == (tmp_path / "first.pdf").read_bytes()


@pytest.mark.parametrize("source", ["https://example.org/a.png", "file:///etc/hostname", "a.png"])
def test_a_request_beyond_the_page_is_refused(source: str, tmp_path: Path) -> None:
    body = tag("h1", "Report") + Html(f'<img src="{source}" alt="x">')
    with pytest.raises(RenderError):
        to_pdf(page(body, CONTEXT), tmp_path / "x.pdf", CONTEXT)
    assert not (tmp_path / "x.pdf").exists()


def test_a_page_without_a_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="lang"):
        to_pdf(
            page(tag("h1", "Report"), CONTEXT).replace(' lang="en-GB"', ""),
            tmp_path / "x.pdf",
            CONTEXT,
        )
