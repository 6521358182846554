"""The tree that paper is drawn from: every kind of element that pages are made of, and no other."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from sample_report import CONTEXT

from sv_lib.errors import RenderError
from sv_lib.present.markup import Html
from sv_lib.publish.page import paper as module
from sv_lib.publish.page.html import page
from sv_lib.publish.page.paper import kind_of, paper, read
from sv_lib.publish.page.paper_table import kept_together, widths
from sv_lib.publish.page.pdf import to_pdf

KNOWN = yaml.safe_load(Path(module.__file__).with_name("paper.yaml").read_text(encoding="utf-8"))
SQUARE = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>"
PICTURE = f'<img src="data:image/svg+xml,{SQUARE}" alt="A">'
PILL = '<p class="status status-draft">Draft {n}</p>'
TOP = f'<div class="cover-top"><p class="council">Council</p>{PILL}</div>'
INSIDE = {
    "article.story": f"<h3>Story {{n}}</h3>{PICTURE}<p>Told {{n}}</p>",
    "div.callout": "<h2>Callout {n}</h2><ul><li>Point {n}</li></ul>",
    "div.cover": f'{TOP}<h2>Cover {{n}}</h2><p class="facts">Facts</p>',
    "div.cover-top": f'<p class="council">Council {{n}}</p>{PILL}',
    "div.print-contents": '<h2>In this {n}</h2><ul><li><a href="#title">Entry</a></li></ul>',
}
"""What a block has inside, where not any block will do."""
CAN_BE_TABLE = ("div.table-block", "div.table-scroll")
TABLE = (
    "<table><caption>Caption {n}</caption><thead><tr><th>Head</th><th class='n'>Sum</th></tr>"
    "</thead><tbody><tr><th>Row {n}</th><td class='n'>1</td></tr>"
    "<tr class='total'><th>All</th><td class='n'>1</td></tr></tbody></table>"
)


def element(kind: str, inside: str) -> str:
    """An element of a kind, as ``paper.yaml`` names it."""
    name, _, look = kind.partition(".")
    about = f' class="{look}"' if look else ""
    about += ' href="#title"' if name == "a" else ""
    return f"<{name}{about}>{inside}</{name}>"


def of_every_kind() -> str:
    """An element of every kind, each with words of its own."""
    made = [element(kind, "Worded {n}") for kind in KNOWN["worded"] if kind != "h1"]
    for kind in KNOWN["holding"]:
        held = TABLE if kind.startswith(CAN_BE_TABLE) else INSIDE.get(kind, "<p>Held {n}</p>")
        made.append("" if kind in ("main", "source") else element(kind, held))
    made += [element(kind, element("li", "Listed {n}")) for kind in KNOWN["lists"]]
    made += [element("ul", element(kind, "Item {n}")) for kind in KNOWN["items"]]
    made += [f"<p>Before {element(kind, 'Inline {n}')} after</p>" for kind in KNOWN["inline"]]
    made += ["<dl><dt>Term {n}</dt><dd>Meaning {n}</dd></dl>", "<hr>", TABLE]
    return "".join(part.replace("{n}", str(number)) for number, part in enumerate(made))


def drawn(tmp_path: Path, body: str) -> str:
    """What a report with this body prints."""
    body = f'<h1 id="title">Report</h1>{body}'
    to_pdf(page(Html(body), CONTEXT), tmp_path / "x.pdf", CONTEXT)
    command = ["pdftotext", str(tmp_path / "x.pdf"), "-"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return " ".join(done.stdout.split())


def test_every_kind_of_element_is_drawn(tmp_path: Path) -> None:
    body = of_every_kind()
    said = drawn(tmp_path, body)
    wanted = re.findall(r"[A-Z]\w+ \d+", re.sub("<[^>]*>", "|", body))
    assert len(wanted) > 80
    assert [words for words in wanted if words not in said] == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("<aside>x</aside>", "aside"),
        ('<p class="mystery">x</p>', "p.mystery"),
        ('<p>one <span class="mystery">x</span></p>', "span.mystery"),
        ('<ul><li class="mystery">x</li></ul>', "li.mystery"),
        ("<p>one <p-two>x</p-two></p>", "p-two"),
        ('<div class="dataframe">x</div>', "div.dataframe"),
    ],
)
def test_an_unknown_element_is_refused_by_name(tmp_path: Path, body: str, named: str) -> None:
    with pytest.raises(RenderError, match=f"does not know: {re.escape(named)}"):
        drawn(tmp_path, body)


@pytest.mark.parametrize("source", ["https://example.org/a.png", "file:///etc/hostname", "a.png"])
def test_a_picture_beyond_the_page_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(RenderError, match=r"not in the page|leads to"):
        drawn(tmp_path, f'<img src="{source}" alt="x">')


def blocks(body: str) -> list[dict[str, Any]]:
    return paper(read(f"<html><body><main>{body}</main></body></html>"))


def test_spaces_are_those_that_a_browser_shows() -> None:
    (found,) = blocks("<p>  one\n two <b> three</b>  <i>four </i> five </p>")
    one, bold, space, slanted, five = found["words"]
    assert (one, space, five) == ("one two ", " ", "five")
    assert (bold["words"], slanted["words"]) == (["three"], ["four "])


def test_a_link_is_kept_where_it_leads_to_something_on_paper() -> None:
    kept, away, out = blocks(
        '<p><a href="#there">a</a></p><p><a href="other.html">b</a> <a href="#folded">c</a></p>'
        '<p id="there">x</p><details class="data"><p id="folded">y</p></details>'
    )
    assert kept["words"][0]["look"] == "link"
    assert [word if isinstance(word, str) else word["look"] for word in away["words"]] == [
        "b",
        " ",
        "words",
    ]
    assert out["words"] == [{"look": "place", "id": "there"}, "x"]


def test_words_between_blocks_are_kept() -> None:
    (found,) = blocks("<ul><li>Words <b>first</b><p>A block.</p> and after</li></ul>")
    first, block, after = found["items"][0]["blocks"]
    assert [first["look"], block["look"], after["look"]] == ["words", "paragraph", "words"]
    assert after["words"] == ["and after"]


def test_an_endless_word_may_be_broken() -> None:
    (found,) = blocks(f"<p>{'x' * 70}</p>")
    may_break = {"look": "may-break"}
    assert found["words"] == ["x" * 30, may_break, "x" * 30, may_break, "x" * 10]


def test_a_kind_is_an_element_and_its_classes() -> None:
    assert kind_of(read('<p class="a b">x</p>').find(".//p")) == "p.a b"


def cells(*texts: str, is_number: bool = False) -> list[dict[str, Any]]:
    return [{"words": [text], "is_number": is_number} for text in texts]


def test_a_column_asks_for_its_longest_word_and_its_longest_line() -> None:
    rows = [cells("a", "the longest line of them all"), cells("b", "unbreakableword")]
    found = widths(cells("Name", "What"), rows)
    alone = widths(cells("Name", "unbreakableword"), [])
    assert found["least"][1] < alone["least"][1] < found["most"][1]  # a heading is bold


def test_a_number_and_a_short_header_of_a_row_are_not_broken() -> None:
    number = widths(cells("n"), [cells("12 345 678", is_number=True)])
    header = widths(cells("n"), [cells("Rother Vale")])
    assert number["least"] == number["most"]
    assert header["least"] == header["most"]


@pytest.mark.parametrize(
    ("rows", "groups"),
    [
        (1, [1]),
        (9, [9] + [0] * 8),
        (10, [5, 0, 0, 0, 0] * 2),
        (12, [5, 0, 0, 0, 0, 1, 1, 5, 0, 0, 0, 0]),
    ],
)
def test_five_rows_stay_together_at_both_ends(rows: int, groups: list[int]) -> None:
    assert kept_together([cells("x")] * rows) == groups


def test_rows_that_could_fill_a_page_may_be_parted() -> None:
    assert kept_together([cells("x" * 3_000)] * 3) == [1, 1, 1]
