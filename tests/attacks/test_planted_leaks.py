"""A hidden number or name planted in any file of a finished run is found and named."""

from __future__ import annotations

import base64
import csv
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from data_files import write_workbooks

from sv_lib.analysis.disclosure import HIDDEN, Cells, Way
from sv_lib.figures.figure import Figure
from sv_lib.figures.protection.release import TOGETHER
from sv_lib.periods import Period
from sv_lib.present.markup import Html
from sv_lib.publish.files import workbook
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.page.html import page as page_of
from sv_lib.publish.page.pdf import to_pdf
from tests.attacks.search import leaks_in
from tests.attacks.sought import Sought

YEAR = Period(date(2022, 1, 1), date(2022, 12, 31))
JOBS = "lens.jobs.E05990001.beneficiary"
CLAIM = "R00017"
VALUE = "contract.C0152.delivered"
SHORT = "contract.C0116.reported"
PRICED = "contract.C0117.reported"
ENDED = "bridge.social_value.E05990001.ended"


def figure(figure_id: str, label: str, value: int, unit: str) -> Figure:
    return Figure(figure_id, "total", label, value, unit, YEAR, "sum")


SOUGHT = Sought(
    figures={
        JOBS: figure(JOBS, "Mill End: jobs by beneficiary", 3, "people"),
        VALUE: figure(VALUE, "Delivered by one contract", 4710437, "pence"),
        SHORT: figure(SHORT, "Reported to date under one contract", 15000, "pence"),
        ENDED: figure(ENDED, "Mill End: ended", -12345678, "pence"),
        PRICED: figure(PRICED, "Reported to date under one contract", 4522150, "pence"),
    },
    words=frozenset({CLAIM, "Wilhelmina Quoxby Joinery", "The first day at the depot"}),
    rows=frozenset({("inputs/returns.csv", 18)}),
    cells=Cells(
        names=[("jobs.all",), (JOBS,), ("jobs.elsewhere",)],
        members=np.array([[1, 1], [1, 0], [0, 1]]),
        people=np.array([3, 9]),
        needed=np.array([4, 4, 4]),
        is_small=np.array([False, True, False]),
        suppress_last=np.zeros(3, dtype=bool),
        ways=[(Way(12, 12), HIDDEN), (HIDDEN,), (Way(9, 9), HIDDEN)],
    ),
    decided=(Way(12, 12), HIDDEN, HIDDEN),
    open_pounds=frozenset({"45221.50"}),
)
FIGURES = [
    ("jobs.all", "12", "12"),
    (JOBS, "", "[c]"),
    ("jobs.elsewhere", "", "[c]"),
    (VALUE, "", "[c]"),
    (SHORT, "", "[c]"),
]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A small finished run that gives nothing away."""
    folder = tmp_path / "stage"
    (folder / "data").mkdir(parents=True)
    write_figures(folder, FIGURES)
    publish(folder, "")
    (folder / "annual.ipynb").write_text(
        json.dumps({"cells": [{"source": ["x", "y"]}]}), encoding="utf-8"
    )
    (folder / "manifest.json").write_text(json.dumps({"inputs": []}), encoding="utf-8")
    (folder / "claims.csv").write_text("claim_id,value_pence\nR00020,100\n", encoding="utf-8")
    trail(folder, "spend.total", "inputs/returns.csv", 19)
    return folder


def write_figures(folder: Path, rows: list[tuple[str, str, str]]) -> None:
    with (folder / "figures.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("figure_id", "value", "display"), *rows])
    frame = pd.DataFrame(rows, columns=["figure_id", "value", "display"])
    write_workbooks(
        folder / "data" / "annual", "Annual", [], [workbook.sheet("figures", frame)], YEAR.end
    )


def publish(folder: Path, body: str, description: str = "") -> None:
    """The page and the PDF of a report."""
    context = PageContext(
        "Annual",
        "Test Council",
        "Annual",
        "2022",
        "final",
        "Final",
        YEAR.end,
        description=description,
    )
    page = page_of(Html(f"<h1>Annual</h1><p>Nothing to see.</p>{body}"), context)
    (folder / "annual.html").write_text(page, encoding="utf-8")
    to_pdf(page, folder / "annual.pdf", context)


def trail(folder: Path, figure_id: str, file: str, row: int, amount: int = 3) -> None:
    frame = pd.DataFrame(
        {"figure_id": [figure_id], "source_file": [file], "source_row": [row], "amount": [amount]}
    )
    frame.to_parquet(folder / "data" / "trail.parquet")


def image(text: str, alt: str = "A chart") -> str:
    drawn = base64.b64encode(
        f'<svg xmlns="http://www.w3.org/2000/svg"><text>{text}</text></svg>'.encode()
    ).decode()
    return f'<img alt="{alt}" src="data:image/svg+xml;base64,{drawn}">'


def into_page(body: str) -> Callable[[Path], None]:
    return lambda folder: publish(folder, body)


def ranked(*values: int | None) -> str:
    """A table in the order of its numbers; that of Mill End is hidden."""
    rows = []
    for place, value in enumerate(values):
        figure_id = JOBS if value is None else f"jobs.{place}"
        shown = "" if value is None else value
        number = f'<data class="figure" data-figure="{figure_id}" value="{shown}">[c]</data>'
        rows.append(f"<tr><th>{place}</th><td>{number}</td></tr>")
    head = "<thead><tr><th>Place</th><th>Jobs</th></tr></thead>"
    return f"<table>{head}<tbody>{''.join(rows)}</tbody></table>"


def append(name: str, text: str) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return plant


def into_package(name: str, entry: str, text: str) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        with zipfile.ZipFile(folder / "data" / name, "a") as package:
            package.writestr(entry, text)

    return plant


def only_pdf(folder: Path) -> None:
    clean = (folder / "annual.html").read_text(encoding="utf-8")
    publish(folder, "<p>In Mill End 3 residents found work.</p>")
    (folder / "annual.html").write_text(clean, encoding="utf-8")


BESIDE = f"the value of {JOBS} stands beside"
WORDS = "names, claims or stories of the exempt build stand in it"
LEAKS = {
    "a sentence": (
        into_page("<p>In Mill End 3 local residents found work.</p>"),
        f"annual.html: {BESIDE}",
    ),
    "a sentence of the PDF alone": (only_pdf, f"annual.pdf: {BESIDE}"),
    "alt text": (into_page(image("", "Bar chart: Mill End 3 people")), f"annual.html: {BESIDE}"),
    "alt text in the PDF": (into_page(image("", "Mill End, 3 people")), f"annual.pdf: {BESIDE}"),
    "a figure's value": (
        into_page(f'<data class="figure" data-figure="{JOBS}" value="3">[c]</data>'),
        f"annual.html: the value of {JOBS} stands beside its id",
    ),
    "a rank": (
        into_page(ranked(90, 70, 50, 20, 4, None, 2)),
        f"annual.html: the order of a table tells between which two {JOBS} is",
    ),
    "a drawing": (into_page(image("Mill End 3 people")), f"annual.html: {BESIDE}"),
    "an amount in full": (
        into_page("<p>Delivered: £47,104.37.</p>"),
        f"annual.html: the value of {VALUE} stands",
    ),
    "an amount in short": (
        into_page("<p>C0152 delivered £47,104 so far.</p>"),
        f"the value of {VALUE} stands beside",
    ),
    "a fall": (
        into_page("<p>It fell by £123,456.78.</p>"),
        f"annual.html: the value of {ENDED} stands in it",
    ),
    "a fall in whole pounds": (
        into_page("<p>Mill End fell by £123,457.</p>"),
        f"the value of {ENDED} stands beside",
    ),
    "a fall with a true minus": (
        into_page("<p>Mill End: −£123,457</p>"),
        f"the value of {ENDED} stands beside",
    ),
    "a fall in a data file": (
        append("data/new.csv", "Mill End,-12345678\n"),
        f"data/new.csv: the value of {ENDED}",
    ),
    "a fall beside its id": (
        lambda folder: write_figures(folder, [*FIGURES, (ENDED, "-12345678", "−£123k")]),
        f"figures.csv: the value of {ENDED} stands beside its id",
    ),
    "page metadata": (
        lambda folder: publish(folder, "", "On Wilhelmina Quoxby Joinery"),
        f"annual.html: 1 {WORDS}",
    ),
    "PDF metadata": (
        lambda folder: publish(folder, "", "On Wilhelmina Quoxby Joinery"),
        f"annual.pdf: 1 {WORDS}",
    ),
    "figures.csv": (
        lambda folder: write_figures(folder, [*FIGURES[:1], (JOBS, "3", "3"), *FIGURES[2:]]),
        f"figures.csv: the value of {JOBS} stands beside its id",
    ),
    "a workbook": (
        lambda folder: write_figures(folder, [*FIGURES[:1], (JOBS, "3", "3"), *FIGURES[2:]]),
        f"data/annual.xlsx: the value of {JOBS} stands beside its id",
    ),
    "an ODS": (
        lambda folder: write_figures(folder, [*FIGURES[:1], (JOBS, "3", "3"), *FIGURES[2:]]),
        f"data/annual.ods: the value of {JOBS} stands beside its id",
    ),
    "a part of a workbook": (
        into_package("annual.xlsx", "docProps/custom.xml", f"<p>{CLAIM}</p>"),
        f"annual.xlsx: 1 {WORDS}",
    ),
    "a comment of an ODS": (
        into_package("annual.ods", "extra.xml", "<!--R00017-->"),
        f"annual.ods: 1 {WORDS}",
    ),
    "claims.csv": (append("claims.csv", "R00017,300\n"), f"claims.csv: 1 {WORDS}"),
    "a data file": (
        append("data/new.csv", "ward,note\nMill End,3 people\n"),
        f"data/new.csv: {BESIDE}",
    ),
    "a story": (
        append("data/stories.csv", "ST01,The first day at the depot\n"),
        f"data/stories.csv: 1 {WORDS}",
    ),
    "the trail": (
        lambda folder: trail(folder, "spend.total", "inputs/returns.csv", 18),
        "data/trail.parquet: 1 rows about people are listed in it one by one",
    ),
    "the trail's sums": (
        lambda folder: trail(folder, JOBS, "inputs/returns.csv", 19),
        f"data/trail.parquet: rows that add up to {JOBS} are listed in it",
    ),
    "a line of the trail": (
        lambda folder: trail(folder, "spend.total", TOGETHER, 0, 4710437),
        f"data/trail.parquet: the value of {VALUE} stands in it",
    ),
    "amounts of another parquet": (
        lambda folder: pd.DataFrame({"pence": [4710437]}).to_parquet(folder / "x.parquet"),
        f"x.parquet: the value of {VALUE} stands in it",
    ),
    "the commitments": (
        append("data/commitments.csv", "P0123,C0116,3 weeks reported: £150.00\n"),
        f"data/commitments.csv: the value of {SHORT} stands beside",
    ),
    "the commitments, in pence": (
        append("data/commitments.csv", "P0123,C0152,4710437\n"),
        f"data/commitments.csv: the value of {VALUE} stands in it",
    ),
    "a notebook": (
        lambda folder: (folder / "annual.ipynb").write_text(
            json.dumps(
                {"cells": [{"outputs": [{"text/html": ["<p>In Mill End ", "3 residents</p>"]}]}]}
            )
        ),
        f"annual.ipynb: {BESIDE}",
    ),
    "a manifest": (
        lambda folder: (folder / "manifest.json").write_text(
            '{"corrections": [{"key": "R00017"}]}'
        ),
        f"manifest.json: 1 {WORDS}",
    ),
    "a file name": (
        lambda folder: (folder / "data" / "R00017.csv").write_text(""),
        f"R00017.csv: 1 {WORDS}",
    ),
    "figures together": (
        lambda folder: write_figures(
            folder, [*FIGURES[:2], ("jobs.elsewhere", "9", "9"), *FIGURES[3:]]
        ),
        f"{JOBS}: few people stand behind it, and it could be worked out from jobs.all;",
    ),
}


def test_a_clean_run_gives_nothing_away(run: Path) -> None:
    assert leaks_in(run, SOUGHT) == []


def test_what_only_happens_to_be_as_large_is_no_leak(run: Path) -> None:
    """A payment of £47,104.37, and a promise that is listed with its contract, tell of nobody."""
    trail(run, "spend.total", "inputs/payments.csv", 49154, 4710437)
    append("data/commitments.csv", "P0124,C0117,4522150,2 people x £22610.75 = £45221.50\n")(run)
    assert leaks_in(run, SOUGHT) == []


def test_a_permitted_number_is_no_leak_though_it_stands_beside_a_hidden_one(run: Path) -> None:
    """Three jobs in all are printed as the figure that they are; the jobs of Mill End are not."""
    others = '<data class="figure" data-figure="jobs.all" value="3">3</data>'
    publish(run, f"<p>Mill End and the rest: {others} local residents found work.</p>")
    assert leaks_in(run, SOUGHT) == []


@pytest.mark.parametrize(
    "values",
    [
        (90, 70, 50, 20, 4, 2, None),
        (90, 70, None, 50, 20, 4, 2),
        (90, 7, 50, 20, 4, None, 2),
        (90, 70, 50, 4, None, 2),
    ],
)
def test_an_order_that_tells_nothing_is_no_leak(run: Path, values: tuple[int | None, ...]) -> None:
    """Hidden ones last or elsewhere, numbers in no order, too few of them to say."""
    publish(run, ranked(*values))
    assert leaks_in(run, SOUGHT) == []


def test_a_range_is_no_value(run: Path) -> None:
    """Mill End has three; "fewer than 3" is told of another number, or it is a leak."""
    publish(run, "<p>Fewer than 3 residents of Mill End found work in 2 to 3 weeks.</p>")
    assert leaks_in(run, replace(SOUGHT, ranges=frozenset({"fewer than 3", "2 to 3"}))) == []
    assert BESIDE in leaks_in(run, replace(SOUGHT, ranges=frozenset({"fewer than 4"})))[0]


@pytest.mark.parametrize("channel", LEAKS)
def test_a_planted_leak_is_named(run: Path, channel: str) -> None:
    plant, found = LEAKS[channel]
    plant(run)
    leaks = "\n".join(leaks_in(run, SOUGHT))
    assert found in leaks
    assert "R00017.csv" in leaks or "R00017" not in leaks


def test_only_a_promise_in_the_table_of_promises_is_no_leak(run: Path) -> None:
    change = "measure.NT12.delivered.change"
    weeks = figure(change, "Weeks of work placement: change", 11, "weeks")
    told = f"the value of {change} stands beside the name of what it counts"
    words = "title,working\nWeeks of work placement,11 weeks x £150.00\n"
    for promised, name, expected in (
        ("11", "commitments.csv", []),
        ("12", "commitments.csv", [f"data/commitments.csv: {told}"]),
        ("11", "measures.csv", [f"data/measures.csv: {told}"]),
    ):
        path = run / "data" / name
        path.write_text(words, encoding="utf-8")
        sought = replace(SOUGHT, figures={change: weeks}, promised=frozenset({promised}))
        assert leaks_in(run, sought) == expected
        path.unlink()
