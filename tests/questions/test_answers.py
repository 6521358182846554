"""Each question of the Board has its answer: a section of each report that should give it, and the
figures there.

Figures that cannot be given are printed in words with their reason, so they count as an answer too.
"""

from __future__ import annotations

import csv
import re
from typing import NamedTuple

import pytest
from main_reports import MALTBY, PARAMS, headings, page, report
from page_cells import shown

from sv_lib.present.markup import anchor
from sv_lib.present.report import Report

pytestmark = pytest.mark.slow

BOTH, ALL = ("annual", "mid_year"), ("annual", "mid_year", "ward")
BOSTON = "E05012996"


class Answer(NamedTuple):
    """Where a question is answered: reports, section, the figures printed there, or words."""

    reports: tuple[str, ...]
    section: str
    shown: tuple[str, ...]


ANSWERS = {
    "1 a report at half-time beside the same point last year": [
        Answer(
            BOTH, "cover_page", ("headline.delivered_value.this", "headline.delivered_value.change")
        )
    ],
    "2 deprived wards": [
        Answer(
            BOTH,
            "deprivation",
            (
                "reach.jobs.10",
                "reach.jobs.20",
                "reach.jobs.10.low",
                "reach.jobs.10.high",
                "ward_fifth.1.spend.per_head",
                "fifth.1.jobs",
            ),
        ),
        Answer(
            BOTH,
            "ward_summary",
            (f"ward.{MALTBY}.per_head.spend", f"ward.{MALTBY}.per_head.committed"),
        ),
        Answer(("ward",), "ward_front", (f"ward.{MALTBY}.share_20", "by deprivation")),
    ],
    "3 did residents of Boston Castle gain": [
        Answer(
            ("ward",),
            "ward_front",
            (
                f"lens.spend.{MALTBY}.supplier",
                f"lens.spend.{MALTBY}.place",
                "work done here",
                f"lens.jobs.{MALTBY}.beneficiary",
            ),
        ),
        Answer(
            BOTH, "ward_summary", (f"lens.spend.{BOSTON}.place", f"lens.jobs.{BOSTON}.beneficiary")
        ),
    ],
    "4 precise numbers of jobs and skills": [
        Answer(
            BOTH,
            "jobs_and_skills",
            (
                "headline.residents_into_work.this",
                "measure.NT1.delivered.this",
                "measure.NT10.delivered.this",
                "measure.NT8.delivered.this",
                "people.NT10.this",
                "is not collected",
            ),
        )
    ],
    "5 minority-ethnic-led contractors": [
        Answer(
            BOTH,
            "compliance",
            (
                "suppliers.ownership.response_rate",
                "suppliers.ownership.yes",
                "suppliers.ownership.not-answered",
            ),
        )
    ],
    "6 contractors who do not usually engage": [
        Answer(BOTH, "suppliers", ("suppliers.first_time.count",)),
        Answer(
            BOTH,
            "compliance",
            ("compliance.quotes.invited", "How many firms bid for the first time is not known"),
        ),
        Answer(BOTH, "engagement", ("engagement.all.reached",)),
    ],
    "7 progress of local projects": [
        Answer(("ward",), "projects_here", ("contract.C0003.promised", "How it stands"))
    ],
    "8 local sub-contractors and materials": [
        Answer(
            BOTH,
            "suppliers",
            (
                "supply_chain.rotherham.evidenced.materials",
                "supply_chain.rotherham.declared.sub-contract",
            ),
        )
    ],
    "9 the Chamber and businesses": [Answer(BOTH, "engagement", ("engagement.chamber.held",))],
    "10 parish councils": [
        Answer(
            BOTH,
            "engagement",
            ("engagement.parishes.all", "engagement.parishes.told", "Not told in the period"),
        ),
        Answer(("ward",), "events_here", ("Parish councils here",)),
    ],
    "11 LinkedIn": [
        Answer(BOTH, "engagement", ("engagement.linkedin.reached",)),
        Answer(BOTH, "action_plan", ("LinkedIn",)),
    ],
    "12 why a deprived ward's investment fell": [
        Answer(
            ("ward",),
            "ward_front",
            (
                f"bridge.spend.{MALTBY}.ended",
                "The largest contract to end was Primary school extension",
            ),
        ),
        Answer(("ward",), "ending_here", (f"pipeline.{MALTBY}.ending.count", "Owed here")),
        Answer(
            BOTH,
            "why_it_changed",
            (
                "bridge.spend.borough.ended",
                "bridge.social_value.borough.moved",
                "bridge.spend.borough.continuing.timing",
                f"bridge.spend.{MALTBY}.ended",
            ),
        ),
    ],
    "13 events for ward councillors": [Answer(("ward",), "events_here", ("Whom to ask",))],
    "14 regular briefings": [
        Answer(BOTH, "ward_summary", ("Ward briefing: every ward in one line",))
    ],
    "15 small firms and under-represented groups": [
        Answer(BOTH, "suppliers", ("spend.size.micro.this", "spend.vcse.yes.this")),
        Answer(BOTH, "action_plan", ("network for small firms",)),
    ],
    "16 stories": [Answer(BOTH, "stories", ("published with consent",))],
    "17 what social value means": [Answer(BOTH, "cover_page", ("what residents gain",))],
    "18 a local quote for small purchases": [
        Answer(BOTH, "compliance", ("compliance.quotes.local_share", "Why no quote was local"))
    ],
    "19 price against local value": [
        Answer(BOTH, "compliance", ("compliance.ranking.yes", "compliance.score.80-and-over"))
    ],
    "20 standards of sub-contractors": [
        Answer(BOTH, "compliance", ("compliance.wage_clause.yes",)),
        Answer(BOTH, "compliance", ("suppliers.living_wage.yes",)),
    ],
    "21 a pledge followed until delivered": [
        Answer(
            BOTH,
            "promise_to_delivery",
            (
                "delivery.committed.this",
                "delivery.due.this",
                "delivery.reported.this",
                "delivery.evidenced.this",
                "delivery.validated.this",
            ),
        )
    ],
    "22 one contract brings a quarter": [
        Answer(
            ("annual",),
            "promise_to_delivery",
            ("delivery.largest_share.this", "delivery.without_largest.this"),
        ),
        # In a half-year, the contract's value would give away the few people beside it.
        Answer(
            ("mid_year",),
            "promise_to_delivery",
            ("the largest contract brings, and the total without it, are not given",),
        ),
        Answer(("annual",), "top_contracts", ("delivery.top_ten.this",)),
        Answer(BOTH, "suppliers", ("spend.top_ten_share.this", "spend.without_largest.this")),
    ],
    "23 the measures changed": [Answer(BOTH, "how_sure_we_are", ("Measure set",))],
    "24 industries that cannot be local": [
        Answer(
            BOTH,
            "where_the_money_goes",
            ("spend.addressable_share.this", "headline.local_share.this"),
        )
    ],
    "25 coverage": [
        Answer(
            BOTH,
            "cover_page",
            ("delivery.coverage.reported.this", "delivery.coverage.in_scope.this"),
        ),
        Answer(BOTH, "you_asked", ("coverage.spend.ward",)),
    ],
    "26 priorities for the year ahead": [
        Answer(("annual",), "recommended_priorities", ("Candidates: the weakest figures",))
    ],
    "27 growth in the wider sub-region": [
        Answer(BOTH, "where_the_money_goes", ("spend.geography.south-yorkshire.this",)),
        Answer(
            BOTH, "suppliers", ("awarded.south-yorkshire.this", "awarded.south-yorkshire.before")
        ),
    ],
    "28 opportunities across the register": [
        Answer(
            BOTH,
            "opportunities",
            (
                "pipeline.without_commitments.count",
                "typical.construction.median",
                "typical.construction.high",
            ),
        ),
        Answer(BOTH, "pipeline", ("pipeline.ending.count",)),
    ],
}


OF_PEOPLE = re.compile(
    r"Residents who started work (fewer than )?\d|\d people (were )?taken on|No one was taken on"
)
"""A number of people in the first words of a ward report, none or a range among them."""


def words(html: str) -> str:
    """The text of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


CASES = [
    pytest.param(kind, answer.section, answer.shown, id=f"{question} - {kind} - {answer.section}")
    for question, answers in ANSWERS.items()
    for answer in answers
    for kind in answer.reports
]


def test_all_of_the_boards_questions_are_here() -> None:
    assert [int(question.split()[0]) for question in ANSWERS] == list(range(1, 29))


@pytest.mark.parametrize(("kind", "section", "shown"), CASES)
def test_a_question_has_its_answer(kind: str, section: str, shown: tuple[str, ...]) -> None:
    html = page(kind, section)
    ids = {one for one in shown if re.fullmatch(r"[a-z0-9_]+(\.[\w\-]+)+", one)}
    assert ids - set(re.findall(r'data-figure="([^"]+)"', html)) == set()
    assert [words for words in shown if words not in ids and words not in html] == []


@pytest.mark.parametrize("kind", BOTH)
def test_every_ward_report_opens_with_a_number_of_people(kind: str) -> None:
    """A count, a range, none, or both periods together; and nowhere "hidden"."""
    whole = report(kind)
    silent = []
    for ward in whole.council.wards:
        one = Report(whole.publication, whole.calculation, ward.code)
        opening = str(shown(one, "ward-front")).partition("<figure")[0]
        assert "hidden" not in words(opening)
        if not OF_PEOPLE.search(words(opening)):
            silent.append(ward.name)
    # Of Rother Vale nothing is safe in that year: neither a range nor both years together.
    assert silent == (["Rother Vale"] if kind == "annual" else [])
    assert "hidden" not in words(page(kind, "cover_page").partition("<figure")[0])


@pytest.mark.parametrize(
    "publication", ["2022-annual", "2022-mid-year", "2023-annual", "2023-mid-year"]
)
def test_what_the_page_says_was_asked_leads_to_a_section(publication: str) -> None:
    """Each row of "You asked" names a heading of its notebook, the first page or ward reports."""
    titles = headings("annual" if "annual" in publication else "mid_year")
    with (PARAMS / "inputs" / publication / "scrutiny.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    numbers = [int(row["question_id"][1:]) for row in rows if row["question_id"][0] == "Q"]
    assert numbers
    assert numbers == sorted(set(numbers) & set(range(1, 29)))
    assert {row["section"] for row in rows} <= titles | {"Headlines", "Ward reports"}
    trail = report("annual").calculation.trail
    assert [
        row["question_id"] for row in rows if row["figure_id"] and row["figure_id"] not in trail
    ] == []


@pytest.mark.parametrize("kind", BOTH)
def test_every_link_of_the_answers_has_its_heading(kind: str) -> None:
    targets = set(re.findall(r'href="#([^"]+)"', page(kind, "you_asked")))
    assert targets
    assert targets <= set(map(anchor, headings(kind)))
