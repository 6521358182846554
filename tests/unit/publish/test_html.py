"""Pages: one self-contained file each, or refused in plain words."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image
from sample_report import CONTEXT, mid_year, notebook, ward

from sv_lib.errors import RenderError
from sv_lib.present import cards
from sv_lib.present.markup import Html, heading, tag
from sv_lib.publish.page.html import markdown, page, to_html

COVER = tag("h1", "Report")


@pytest.fixture(scope="module")
def report() -> str:
    return to_html(mid_year(), CONTEXT)


def test_a_page_is_whole(report: str) -> None:
    assert report.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert f"<title>{CONTEXT.title}</title>" in report
    for landmark in (
        '<a class="skip" href="#main">',
        '<header class="site">',
        '<nav class="contents" aria-label="',
        '<main id="main" tabindex="-1">',
        '<footer class="about">',
    ):
        assert report.count(landmark) == 1
    assert (
        'content="default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;'
        in report
    )
    assert "Demonstration: synthetic data" in report
    assert "Data as at 30 June 2022" in report


def test_a_page_asks_for_nothing_and_runs_nothing(report: str) -> None:
    assert "<script" not in report
    assert not re.search(
        r'\ssrc="(?!data:)|\ssrcset="(?!data:)|url\((?!data:)|@import|<link', report
    )


def test_no_code_no_prompts(report: str) -> None:
    for word in ("report.show()", "ward = ", "In [", "Out[", "Html of"):
        assert word not in report


def test_the_contents_follow_the_headings(report: str) -> None:
    headings = re.findall(r'<h2 id="(?!in-this-report)([^"]+)">', report)
    assert headings[:3] == [
        "what-we-cannot-yet-say",
        "progress-on-the-year-s-priorities",
        "from-promise-to-delivery",
    ]
    for place in (
        '<details class="contents-small">',
        '<div class="contents-side">',
        '<div class="print-contents">',
    ):
        links = re.split(r"</[ou]l>", report.split(place)[1])[0]
        assert re.findall(r'href="#([^"]+)"', links) == headings


def test_sizes(report: str) -> None:
    assert len(report.encode()) < 1_500_000
    assert len(to_html(ward(), CONTEXT).encode()) < 400_000


def test_the_same_notebook_makes_the_same_page(report: str) -> None:
    assert to_html(mid_year(), CONTEXT) == report


def test_from_a_file(tmp_path: Path, report: str) -> None:
    nbformat.write(mid_year(), tmp_path / "executed.ipynb")
    assert to_html(tmp_path / "executed.ipynb", CONTEXT) == report


def test_raw_html_in_markdown_is_text() -> None:
    assert markdown("a <b>c</b> | <script>") == "<p>a &lt;b&gt;c&lt;/b&gt; | &lt;script&gt;</p>\n"
    assert "<table>" in markdown("| a |\n| - |\n| b |")


def test_headings_from_markdown_get_an_id_each() -> None:
    made = to_html(
        notebook([COVER, "## Wards", "## Wards", Html('<h2 id="wards-2">Wards</h2>')]), CONTEXT
    )
    assert re.findall(r'<h2 id="([^"]+)">', made) == ["wards", "wards-3", "wards-2"]


def test_what_a_program_said_aside_is_not_printed() -> None:
    outputs = [new_output("stream", name="stdout", text="aside")]
    shown = new_output("display_data", {"text/html": str(COVER), "text/plain": "aside"})
    silent = new_output("display_data", {"text/html": "aside"})
    made = new_notebook(
        cells=[
            new_code_cell("x", execution_count=1, outputs=[shown, *outputs]),
            new_code_cell(
                "x", execution_count=2, outputs=[silent], metadata={"tags": ["remove-output"]}
            ),
        ]
    )
    assert "aside" not in to_html(made, CONTEXT)


def test_an_output_in_markdown_is_printed() -> None:
    cell = new_code_cell(
        "x", execution_count=1, outputs=[new_output("display_data", {"text/markdown": "# Report"})]
    )
    assert '<h1 id="report">Report</h1>' in to_html(new_notebook(cells=[cell]), CONTEXT)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (heading(2, "Wards"), "0 top headings where there must be one"),
        (COVER + COVER, "2 top headings"),
        (COVER + heading(3, "Wards"), "the heading 'Wards' skips a level"),
        (COVER + Html('<img src="data:,">'), "an image has no alt text"),
        (COVER + Html('<img src="data:," alt=" ">'), "an image has no alt text"),
        (COVER + Html('<p id="a"></p><p id="a"></p>'), "the id 'a' stands twice"),
        (COVER + Html("<script>1</script>"), "a <script> that runs"),
        (COVER + Html('<p onclick="x">'), "a <p> that runs"),
        (COVER + Html("<iframe srcdoc='x'></iframe>"), "a <iframe> that runs"),
        (COVER + Html('<form action="https://a.uk">'), "a <form> that runs"),
        (COVER + Html('<meta http-equiv="refresh" content="0">'), "a <meta> belongs to the page"),
        (COVER + Html("</main><p>x</p>"), "a </main> belongs to the page"),
        (COVER + Html('<base href="https://a.uk">'), "a <base> belongs to the page"),
        (COVER + Html('<a href="javascript:alert(1)">x</a>'), "leads to 'javascript:alert(1)'"),
        (COVER + Html('<a href=" JavaScript:x">x</a>'), "a <a> that leads to 'JavaScript:x'"),
        (COVER + Html('<a href="data:text/html,x">x</a>'), "a <a> that leads to 'data:text/html"),
        (
            COVER + Html('<img alt="x" src="file:///etc/passwd">'),
            "a picture that is not in the page",
        ),
        (COVER + Html('<button formaction="javascript:x">x</button>'), "a <button> that leads"),
        (COVER + Html("<style>p{position:fixed}</style>"), "a <style> hides or changes"),
        (COVER + Html("<style>p{"), "a <style> hides or changes"),
        (COVER + Html("<textarea>"), "a <textarea> hides or changes"),
        (COVER + Html('<p style="position:fixed;inset:0">x</p>'), "a <p> with a style of its own"),
        (COVER + Html('<p style="--at:1/2;position:fixed">x</p>'), "a <p> with a style of its own"),
        (COVER + Html("<!-- the rest"), "a comment hides what stands in it"),
    ],
)
def test_a_page_that_is_refused(body: Html, words: str) -> None:
    with pytest.raises(RenderError, match=re.escape(words)) as refused:
        page(body, CONTEXT)
    assert refused.value.exit_code == 5
    assert refused.value.where == CONTEXT.title


def photo(kind: str, *size: int) -> str:
    """A picture of one colour, as a notebook holds it."""
    held = io.BytesIO()
    Image.new("L", size).save(held, kind)
    return b64encode(held.getvalue()).decode()


DRAWN = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>"
PICTURES = {
    "image/png": (photo("png", 2, 2), "data:image/png;base64,"),
    "image/jpeg": (photo("jpeg", 2, 2), "data:image/jpeg;base64,"),
    "image/svg+xml": (f"{DRAWN}</svg>", "data:image/svg+xml,%3Csvg"),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_of_ones_own_is_drawn_with_its_words_or_refused(kind: str) -> None:
    content, begins = PICTURES[kind]

    def shown(**words: str) -> str:
        output = new_output("display_data", {kind: content}, metadata={kind: words})
        cell = new_code_cell("x", execution_count=1, outputs=[output])
        return to_html(new_notebook(cells=[new_markdown_cell("# A"), cell]), CONTEXT)

    assert f'src="{begins}' in shown(alt='Bars, "high" first')
    assert 'alt="Bars, &#34;high&#34; first"' in shown(alt='Bars, "high" first')
    with pytest.raises(RenderError, match="an image has no alt text"):
        shown()


def drawn(inside: str) -> Html:
    """A page with a drawing that a notebook wrote out by hand."""
    return COVER + Html(
        f'<p><img alt="x" src="data:image/svg+xml,{quote(f"{DRAWN}{inside}</svg>")}"></p>'
    )


def shown(kind: str, content: str) -> Html:
    return COVER + Html(f'<p><img alt="x" src="data:image/{kind};base64,{content}"></p>')


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (shown("png", photo("png", 9000, 9000)), "a picture of 81,000,000 points; at most"),
        (shown("png", "iVBORw0KGgo="), "a picture that cannot be read"),
        (shown("gif", "R0lGODlh"), "a picture that cannot be read"),
        (Html('<h1>A</h1><img alt="x" src="data:text/html,x">'), "a picture that is not in the"),
        (Html('<h1>A</h1><img alt="x" src="https://a.uk/x.png">'), "a picture that is not in the"),
        (drawn("<p"), "a drawing that cannot be read"),
        (drawn("<script>1</script>"), "a drawing with a <script>"),
        (drawn("<foreignObject/>"), "a drawing with a <foreignObject>"),
        (drawn("<animate/>"), "a drawing with a <animate>"),
        (drawn("<g onload='x'/>"), "a drawing that runs something"),
        (drawn("<image href='/etc/passwd'/>"), "a drawing that leads to '/etc/passwd'"),
        (drawn("<image xlink:href='x.png'/>"), "a drawing that leads to 'x.png'"),
        (drawn("<a href='javascript:x'/>"), "a drawing that leads to 'javascript:x'"),
        (drawn("<g fill='url(https://a.uk/x)'/>"), "a drawing that asks for a file"),
        (drawn("<style>@import 'x'</style>"), "a drawing that asks for a file"),
        (
            drawn("<g id='a'><use href='#b'/></g><g id='b'/><use xlink:href='#a'/>"),
            "a drawing that repeats what repeats",
        ),
    ],
)
def test_a_picture_that_is_refused(body: Html, words: str) -> None:
    with pytest.raises(RenderError) as fault:
        page(body, CONTEXT)
    assert words in str(fault.value)


def test_a_drawing_of_matplotlibs_is_taken() -> None:
    figure = Figure()
    figure.subplots().plot([1, 2])
    held = io.StringIO()
    figure.savefig(held, format="svg")
    body = COVER + Html(f'<p><img alt="x" src="data:image/svg+xml,{quote(held.getvalue())}"></p>')
    assert "data:image/svg+xml" in page(body, CONTEXT)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text/plain": "9,999 people"}, "cell 2 shows text/plain (9,999 people), which no page"),
        ({"text/latex": "$x$", "text/plain": "x"}, "cell 2 shows text/latex, text/plain (x)"),
        ({"application/javascript": "x", "text/html": "<p>a</p>"}, "application/javascript"),
        ({"application/vnd.plotly.v1+json": {}, "text/html": "a"}, "application/vnd.plotly"),
        ({"application/pdf": "x", "image/png": "x"}, "cell 2 shows application/pdf"),
        ({"text/html": '<p title="'}, "cell 2: a tag that does not end"),
        ({"text/html": "<p>a<b"}, "cell 2: a tag that does not end"),
        ({"text/html": "<!-- a"}, "cell 2: a tag that does not end"),
        ({"text/html": "<details><p>a</p>"}, "cell 2: a <details> that does not end"),
        ({"text/html": "<p>a</p></div>"}, "cell 2: a </div> that ends nothing"),
        ({"text/html": "<!-- a --><p>b</p>"}, "a comment hides what stands in it"),
        ({"text/html": "<?x a?><p>b</p>"}, "a comment hides what stands in it"),
        ({"text/html": "<p><DATA class='figure' data-figure='a'>9</DATA></p>"}, "another way than"),
        ({"text/html": "<p><data class=figure data-figure=a>9</data></p>"}, "another way than"),
        ({"text/html": '<p><span data-figure="a">9</span></p>'}, "marked in another way than"),
    ],
)
def test_an_output_that_is_refused_by_name(data: dict[str, object], words: str) -> None:
    cell = new_code_cell("x", execution_count=1, outputs=[new_output("display_data", data)])
    with pytest.raises(RenderError) as fault:
        to_html(new_notebook(cells=[new_markdown_cell("# A"), cell]), CONTEXT)
    assert words in str(fault.value)


def test_what_a_cell_is_told_to_keep_to_itself_may_be_anything() -> None:
    output = new_output("execute_result", {"text/plain": "9,999"}, execution_count=1)
    cell = new_code_cell(
        "x", execution_count=1, outputs=[output], metadata={"tags": ["remove-output"]}
    )
    assert "9,999" not in to_html(new_notebook(cells=[new_markdown_cell("# A"), cell]), CONTEXT)


def test_a_failed_notebook_is_refused() -> None:
    failed = new_output("error", ename="KeyError", evalue="no figure 'x'", traceback=[])
    with pytest.raises(RenderError, match="cell 1 ended with KeyError: no figure 'x'"):
        to_html(
            new_notebook(cells=[new_code_cell("x", execution_count=1, outputs=[failed])]), CONTEXT
        )


def test_a_notebook_that_was_not_run_is_refused() -> None:
    with pytest.raises(RenderError, match="cell 2 was not run"):
        to_html(
            new_notebook(cells=[new_markdown_cell("# A"), new_code_cell("x"), new_code_cell("")]),
            CONTEXT,
        )


def test_words_of_the_context_cannot_leave_their_place() -> None:
    nasty = '"</style><script>alert(1)</script>'
    made = page(
        COVER, replace(CONTEXT, title=nasty, council=nasty, report_title=nasty, status_text=nasty)
    )
    assert "<script" not in made
    assert made.count("</style>") == 1


def test_contents_are_listed_only_where_asked() -> None:
    assert '<div class="print-contents">' not in page(COVER, CONTEXT)
    assert '<div class="print-contents">' in page(COVER + cards.contents(), CONTEXT)
