"""Every question of docs/questions.md has its sentence, its figure, its status and its section."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from lxml import html as markup
from main_reports import ROOT, headings, page, report

from sv_lib.present.prose import read_words

pytestmark = pytest.mark.slow

ROW = re.compile(r"^\| (\d+) \| (.*?) \| `([a-z-]+)` \| (.*?) \| (.*) \|$", re.MULTILINE)
RESOLUTION = re.compile(r" \(Resolution .*\)$")
KINDS = ("annual", "mid_year")
BY_HAND = {
    # 130 of the 1,424 that answered, and never the response rate alone.
    "minority-led-firms": r"130 \[r5\] of the 1,4\d\d firms that answered",
    "report-at-mid-year": r"Social value claimed in the half-year came to £882k, \+£365k",
    "why-a-ward-fell": (
        r"Maltby East has the lowest change in work done, −£95,000\. The lowest of its six causes: "
        r"contracts that ended before the period, −£450k\."
    ),
    "price-overridden": r"4 of the 101 tenders .*; for 84 of the 185 contracts .* it is not\.",
    "pledges-followed": r"Of £11.5m promised, £5.1m was due by now; £3.0m of that is claimed",
}


class Line(NamedTuple):
    """A line of "You asked": the answer's markup and words, the status, the place."""

    figures: set[str]
    answer: str
    status: str
    where: str


LISTED = ROW.findall((ROOT / "docs" / "questions.md").read_text(encoding="utf-8"))


def lines(kind: str) -> dict[str, Line]:
    """The lines of a report by what was asked."""
    found = {}
    for row in markup.fromstring(page(kind, "you_asked")).iterfind(".//tbody/tr"):
        asked, answer, status, where = row
        figures = {one.get("data-figure") for one in answer.iter("data")}
        words = [" ".join(cell.text_content().split()) for cell in (answer, status, where)]
        found[" ".join(asked.text_content().split())] = Line(figures, *words)
    return found


def line_of(kind: str, key: str) -> Line:
    """The line of an answer: asked in the log's own words, or in ours."""
    log = report(kind).frame("scrutiny")
    own = log.loc[log["answered_by"] == key, "question"]
    asked = own.iloc[0] if len(own) else read_words("prose_asked.yaml")[key]["asked"]
    return lines(kind)[" ".join(asked.split())]


def test_the_page_lists_every_answer_in_order_with_its_words() -> None:
    every = read_words("prose_asked.yaml")
    assert [(int(number), key) for number, _, key, _, _ in LISTED] == list(enumerate(every, 1))
    assert len(every) == 28
    assert [RESOLUTION.sub("", asked) for _, asked, *_ in LISTED] == [
        one["asked"] for one in every.values()
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("key", "figures"), [(key, ids) for _, _, key, _, ids in LISTED])
def test_a_question_is_answered_by_its_figures(kind: str, key: str, figures: str) -> None:
    line = line_of(kind, key)
    named = re.findall(r"`([^`]+)`", figures)
    patterns = [re.sub(r"\\\{\w+\\\}", r"[\\w-]+", re.escape(one)) for one in named]
    printed = [one for one in line.figures if any(re.fullmatch(p, one) for p in patterns)]
    if line.status == "answered" and named:
        assert printed
    assert line.status in ("answered", "partly", "not yet")
    if line.status == "not yet":
        assert "To collect: " in line.answer
    assert len(line.answer) < 420


def test_the_answers_worked_by_hand() -> None:
    for key, pattern in BY_HAND.items():
        assert re.search(pattern, line_of("mid_year", key).answer), key


@pytest.mark.parametrize("kind", KINDS)
def test_the_place_is_a_heading_of_the_report(kind: str) -> None:
    places = {line.where for line in lines(kind).values()}
    assert places <= headings(kind) | {"First page", "Ward reports"}


def test_resolutions_stand_apart_with_their_dates() -> None:
    resolved = [line for asked, line in lines("annual").items() if asked.startswith("Resolved")]
    assert len(resolved) == 5
    dated = [
        line
        for line in resolved
        if re.search(r"(Next date:|Its date was) \d+ \w+ \d{4}", line.answer)
    ]
    assert len(dated) == 4
