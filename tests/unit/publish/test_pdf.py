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
from read_aloud import read_aloud, should_say
from sample_report import CONTEXT, WARD_CONTEXT, mid_year, ward

from sv_lib.errors import RenderError
from sv_lib.present import cards
from sv_lib.present.formats import Amount
from sv_lib.present.markup import Html, bullets, join, paragraph, tag
from sv_lib.present.tables import DataTable, TableColumn
from sv_lib.present.tables import to_html as to_html_table
from sv_lib.publish.page.html import TEMPLATES, page, to_html
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
        assert metadata["xmp:CreateDate"] == "2022-06-30T00:00:00Z"


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
            scopes = {str(cell.A[0].Scope) for cell in element.K if str(cell.S) == "/TH"}
            assert scopes == ({"/Column"} if section == "/THead" else {"/Row"})
    assert any(name == "/TH" for name, _, _ in report["tree"])


def test_a_table_over_three_pages_is_one_table_to_a_screen_reader(tmp_path: Path) -> None:
    body = tag("h1", "Report") + ward_table(120)
    assert to_pdf(page(body, CONTEXT), tmp_path / "long.pdf", CONTEXT) == 3
    with pikepdf.open(tmp_path / "long.pdf") as pdf:
        tree = list(walk(pdf.Root.StructTreeRoot.K[0]))
        assert [name for name, _, _ in tree].count("/Table") == 1
        assert [name for name, _, _ in tree].count("/TR") == 121
        names = {str(element.ID) for name, element, _ in tree if name == "/TH"}
        for name, element, _ in tree:
            assert name != "/TD" or {str(header) for header in element.A[0].Headers} <= names
    assert words(tmp_path / "long.pdf").count("people") == 3  # the header is printed on every page


def after_lines(many: int, body: Html) -> Html:
    """A report in which a block stands that many lines below the top."""
    return join([tag("h1", "Report"), *[paragraph("Above.")] * many, body])


@pytest.mark.parametrize(("above", "lines"), [(15, 40), (28, 80), (35, 1)])
def test_a_caption_parted_from_its_rows_stays_with_them(
    tmp_path: Path, above: int, lines: int
) -> None:
    """However many pages the caption goes over: one table, one caption, then its header and
    rows.
    """
    table = ward_table(5, caption="All the wards of it. " * 5 * lines)
    to_pdf(page(after_lines(above, table), CONTEXT), tmp_path / "long.pdf", CONTEXT)
    with pikepdf.open(tmp_path / "long.pdf") as pdf:
        tree = list(walk(pdf.Root.StructTreeRoot.K[0]))
    assert [name for name, _, above in tree if above == "/Table"] == [
        "/Caption",
        "/THead",
        "/TBody",
    ]


def ward_table(rows: int, caption: str = "All wards") -> Html:
    """A table with a total."""
    lines = [(f"Ward {number}", Amount(number, "people")) for number in range(rows - 1)]
    columns = (TableColumn("Ward"), TableColumn("Hired", "people", "bare"))
    total = ("All", Amount(rows, "people"))
    return to_html_table(
        DataTable("wards", caption, columns, (*lines, total), "Returns", has_total=True)
    )


@pytest.mark.parametrize("above", range(24, 36))
def test_no_table_is_split_within_its_first_or_last_five_rows(tmp_path: Path, above: int) -> None:
    """Its heading and caption go with it, and its total and its source never stand alone."""
    body = after_lines(above, join([tag("h2", "The wards"), ward_table(14)]))
    to_pdf(page(body, CONTEXT), tmp_path / "long.pdf", CONTEXT)
    first, second, *others = words(tmp_path / "long.pdf").split("\f")
    assert others == [""]
    on_first, on_second = (len(re.findall("Ward [0-9]", text)) for text in (first, second))
    assert on_first == 0 or on_first >= 5
    assert on_second >= 4
    assert ("The wards" in first) == ("All wards" in first) == bool(on_first)
    assert "All\n" in second
    assert "Source: Returns" in second


def test_a_row_longer_than_a_page_is_printed_whole(tmp_path: Path) -> None:
    rows = tuple((f"Ward {number}", "A long story. " * 500) for number in range(3))
    columns = (TableColumn("Ward"), TableColumn("Story"))
    table = to_html_table(DataTable("stories", "Stories", columns, rows, "Returns"))
    long_callout = cards.callout("Long", ["What we cannot say. " * 600])
    to_pdf(page(after_lines(3, table + long_callout), CONTEXT), tmp_path / "x.pdf", CONTEXT)
    said = " ".join(words(tmp_path / "x.pdf").split())
    assert said.count("long story.") == 1_500
    assert said.count("cannot say.") + said.count("cannot Page") >= 590


@pytest.mark.parametrize(
    ("block", "tags"),
    [
        (bullets(f"Point {number}. " * 20 for number in range(40)), ["/L"]),
        (paragraph("A long paragraph. " * 700), ["/P"]),
    ],
)
def test_a_list_and_a_paragraph_over_pages_are_one(
    tmp_path: Path, block: Html, tags: list[str]
) -> None:
    assert to_pdf(page(tag("h1", "Report") + block, CONTEXT), tmp_path / "x.pdf", CONTEXT) > 1
    with pikepdf.open(tmp_path / "x.pdf") as pdf:
        tree = walk(pdf.Root.StructTreeRoot.K[0])
        assert [name for name, _, above in tree if above == "/Document"] == ["/H1", *tags]


def test_every_font_is_ours_and_embedded(report: dict[str, Any]) -> None:
    for sheet in report["pdf"].pages:
        for font in sheet.Resources.Font.values():
            assert "SourceSansPro" in str(font.BaseFont)
            assert (
                "/FontFile2" in font.DescendantFonts[0].FontDescriptor
                or "/FontFile3" in font.DescendantFonts[0].FontDescriptor
            )


def test_links_say_where_they_go_and_lead_there(report: dict[str, Any]) -> None:
    places = {sheet.objgen: number for number, sheet in enumerate(report["pdf"].pages)}
    pages = words(report["path"]).split("\f")
    for sheet in report["pdf"].pages:
        for link in sheet.get("/Annots", []):
            there, aim = str(link.Contents).split(": ")
            assert there == "Go to"
            said = re.sub(r"\W+", " ", pages[places[link.Dest[0].objgen]].lower())
            assert re.sub(r" \d+$", "", aim) in said  # an id that is met again has a number
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
    for sheet in report["pdf"].pages:
        content = sheet.Contents.read_bytes()
        assert {int(found) for found in re.findall(rb"/MCID (\d+)", content)} == inside[
            sheet.objgen
        ]
        assert content.count(b"/Subtype/Header") == content.count(b"/Subtype/Footer") == 1


def test_every_word_of_the_page_is_read_aloud_in_its_order(report: dict[str, Any]) -> None:
    assert should_say(report["html"]).fullmatch(read_aloud(report["path"]))


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


def test_a_page_without_a_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="lang"):
        to_pdf(
            page(tag("h1", "Report"), CONTEXT).replace(' lang="en-GB"', ""),
            tmp_path / "x.pdf",
            CONTEXT,
        )


SCRIPTS = {
    "Welsh": "Ŵyl y Môr, Tŷ Ddŵr",
    "Greek and Russian": "Ελλάδα, Россия",
    "Chinese": "漢字和数据",
    "Japanese and Korean": "ひらがな 한국어",
    "Arabic": "مرحبا",
    "Hebrew": "שלום",
    "Hindi": "हिन्दी",
    "small pictures": "😀 🌳 ❤",
    "signs": "✓ → ≥ ■",
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_words_of_other_scripts_are_printed(tmp_path: Path, text: str) -> None:
    body = tag("h1", "Report") + paragraph("before ", text, " after")
    to_pdf(page(body, CONTEXT), tmp_path / "x.pdf", CONTEXT)
    letters = {letter for letter in text if letter.isalpha()}
    assert letters <= set(words(tmp_path / "x.pdf"))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a\ue000b", "a[U+E000]b"),
        ("\x01\x00", "[U+0001][U+0000]"),
        ("𓀀 and 漢", "[U+13000] and 漢"),
        ("\ufeffx", "[U+FEFF]x"),
        # Signs that typefaces have, joined as none of these draws them.
        ("\uc0a7\u6dc8\u3ce1\u06ea\u33da\u200d\U0001f374", "[U+C0A7][U+6DC8]"),
    ],
)
def test_a_sign_without_a_typeface_is_printed_as_its_code(
    tmp_path: Path, text: str, printed: str
) -> None:
    to_pdf(page(tag("h1", "Report") + paragraph(text), CONTEXT), tmp_path / "x.pdf", CONTEXT)
    assert printed in words(tmp_path / "x.pdf")


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '#import "@preview/cetz:0.4.0"',
        "= Title *bold* _it_ `code` $x^2$ @ref <label> ~ \\ // no comment",
        "]#panic()[",
        '"}],"blocks":[]',
    ],
)
def test_words_are_never_evaluated(tmp_path: Path, text: str) -> None:
    to_pdf(page(tag("h1", "Report") + paragraph(text), CONTEXT), tmp_path / "x.pdf", CONTEXT)
    assert text in words(tmp_path / "x.pdf").replace("\n", " ")


def test_the_design_asks_for_nothing_but_what_is_said() -> None:
    """It reads one file, from memory, imports nothing and evaluates nothing."""
    design = (TEMPLATES / "report.typ").read_text(encoding="utf-8")
    asks = r"(?:import|include)\b.*|\b(?:eval|plugin|read|csv|yaml|toml|xml|cbor|json)\(.*"
    assert re.findall(asks, re.sub("//.*", "", design)) == ['json("paper.json")']
