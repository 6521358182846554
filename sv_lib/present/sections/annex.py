"""Annexes: where each number comes from, data quality, the method in brief, the words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sv_lib.intake.control_totals import file_labels
from sv_lib.intake.findings import counted
from sv_lib.params import Council
from sv_lib.present import pieces
from sv_lib.present.formats import NOT_APPLICABLE, amount, capital, display
from sv_lib.present.markup import Html, bullets, join, paragraph, tag
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import read_words, say, sentence
from sv_lib.present.report import Report
from sv_lib.present.sections.methods import break_in_words
from sv_lib.present.tables import TableCell, records
from sv_lib.toms.valuation import plain

COUNTED = ("rows_in", "rows_used", "rows_excluded", "rows_quarantined")


@pieces.text("method.brief")
def _brief(report: Report) -> Html:
    """The method in ten lines."""
    lines = [say(report, f"method.brief_{topic}") for topic in ("value", "claimed", "due")]
    # The comparator begins its line.
    before = {"before": capital(report.before)}
    lines.append(say(report, "method.brief_before", **before))
    lines.append(say(report, "method.brief_headlines", bound=_bound(report)))
    lines.append(_measure_set(report))
    lines.append(say(report, "method.brief_people", **_least_people(report)))
    return bullets(lines)


@pieces.text("quality.brief")
def _quality(report: Report) -> Html:
    """What is known of the inputs."""
    controls = report.frame("control_totals")
    rows = {part: display(amount(controls[part].sum(), "rows")) for part in COUNTED}
    return sentence(
        report,
        "quality.brief",
        pounds=display(amount(controls["pence_in"].sum(), "pence")),
        findings=_lines(report, "findings"),
        corrections=_lines(report, "corrections"),
        **rows,
    )


def _lines(report: Report, table: str) -> str:
    return display(amount(len(report.frame(table)), "lines"))


@pieces.table("quality.control_totals")
def _controls(report: Report) -> Html:
    """A row for each file with pounds; files without pounds that are used whole are one row."""
    controls = report.frame("control_totals")
    controls = controls.assign(file=file_labels(controls))
    is_whole = controls["pence_in"].isna() & (controls["rows_in"] == controls["rows_used"])
    table = PageTable(report, "control-totals")
    for _, row in controls[~is_whole].iterrows():
        counts = [amount(row[part], "rows") for part in COUNTED]
        table.add(row["file"], *counts, _money(row["pence_in"]), _money(row["pence_used"]))
    whole = controls[is_whole]
    if not whole.empty:
        sums = [amount(whole[part].sum(), "rows") for part in COUNTED]
        label = f"{len(whole)} without pounds, used whole"
        table.add(label, *sums, NOT_APPLICABLE, NOT_APPLICABLE)
    return table.show()


def _money(pence: Any) -> TableCell:
    if pd.isna(pence):
        return NOT_APPLICABLE
    return amount(pence, "pence")


@pieces.table("quality.findings")
def _findings(report: Report) -> Html:
    """The findings, those of one kind together."""
    found = report.frame("findings")
    if found.empty:
        return paragraph("The inputs gave no findings.")
    by_problem = found.groupby(["severity", "problem"], sort=True)
    groups = by_problem.agg(
        times=("found", "size"), files=("file", "nunique"), file=("file", "first")
    )
    table = PageTable(report, "findings")
    for number, row in enumerate(records(groups.reset_index()), start=1):
        times = amount(row.times, "times")
        table.add(f"{number}. {_files(row)}", row.severity, row.problem, times)
    return table.show()


def _files(row: Any) -> str:
    """The file of a finding; of many files the first."""
    if row.files == 1:
        return str(row.file)
    others = counted(row.files - 1, "other file")
    return f"{row.file} and {others}"


@pieces.text("method.rules")
def _rules(report: Report) -> Html:
    """The rules that a reader of the figures needs."""
    headlines = say(report, "method.headlines", bound=_bound(report))
    people = say(report, "method.people", **_least_people(report))
    rules = [say(report, "method.value"), say(report, "method.due"), headlines]
    return bullets([*rules, _measure_set(report), people])


def _bound(report: Report) -> str:
    return f"{report.council.thresholds.headline_known_pct.normalize():f}"


def _least_people(report: Report) -> dict[str, str]:
    disclosure = report.council.disclosure
    return {
        "people_below": str(disclosure.people_below),
        "protected_below": str(disclosure.protected_below),
    }


def _measure_set(report: Report) -> Html:
    """The measure set, whether its prices are invented, and whether the series is broken."""
    measure_set = report.council.measure_set
    invented = ""
    if measure_set.is_illustrative:
        invented = " Its proxies are invented round numbers, for illustration only."
    series = break_in_words(report)
    return say(report, "method.measures", name=measure_set.name, invented=invented, series=series)


@pieces.text("method.choices")
def _choices(report: Report) -> Html:
    """The council's own choices of method, each with its source."""
    methods = report.council.methods
    source = report.council.thresholds.source.rstrip(".")
    shape = methods.due_without_milestones
    due = say(report, "choices.due", shape=shape, source=methods.source)
    thresholds = say(report, "choices.thresholds", source=source)
    return bullets([due, *_deadweight(report, report.council), thresholds])


def _deadweight(report: Report, council: Council) -> list[str]:
    """What is taken off, measure by measure, with its reason and source."""
    said: list[str] = []
    for ref, one in council.methods.deadweight.items():
        reason = one.reason.rstrip(".")
        source = one.source.rstrip(".")
        said.append(
            say(
                report,
                "choices.deadweight",
                measure=ref,
                share=plain(one.pct),
                reason=f"{reason}.",
                source=source,
            )
        )
    return said or ["No deadweight is taken off."]


@pieces.text("glossary.words")
def _glossary(report: Report) -> Html:
    """The words used, in plain English."""
    words = {"Social value": report.council.definition} | read_words("prose_glossary.yaml")
    lines = []
    for term, meaning in words.items():
        lines.append(tag("dt", term))
        lines.append(tag("dd", meaning))
    return tag("dl", join(lines))
