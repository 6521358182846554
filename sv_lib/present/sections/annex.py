"""Annexes: where each number comes from, data quality, the method in brief, the words."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from sv_lib.figures.figure import Figure
from sv_lib.intake.control_totals import file_labels
from sv_lib.intake.findings import counted
from sv_lib.params import Council
from sv_lib.present.formats import NOT_APPLICABLE, amount, display
from sv_lib.present.markup import Html, bullets, join, paragraph, tag
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import read_words, say, sentence
from sv_lib.present.report import Report
from sv_lib.present.sections.methods import break_in_words
from sv_lib.present.tables import TableCell, records
from sv_lib.toms.valuation import plain

TOPICS = ("bridge", "compliance", "delivery", "headline", "lens", "people", "spend", "suppliers")
"""What has kinds of figures of its own; every other topic is one kind."""
LINE = re.compile(r'<span id="from-([^"]+)">')
PRINTED = re.compile(
    r'<h2\b|<a\b.*?</a>|<data class="figure" data-figure="(?P<figure>[^"]+)".*?</data>', re.DOTALL
)
COUNTED = ("rows_in", "rows_used", "rows_excluded", "rows_quarantined")


def number_sources(report: Report) -> Html:
    """A line for each kind of figure printed so far: what it is, how it is made.

    Call it last: it lists the figures in ``Report.used``.
    """
    command = tag("code", "svreport trace RUN_DIR FIGURE_ID")
    trail = report.calculation.trail
    printed = [trail[figure_id] for figure_id in report.used]
    return sentence(report, "sources.page", command=command) + _sources(printed)


def figures_in_full(report: Report) -> Html:
    """The same of every figure of the run, and which file has what."""
    trail = report.calculation.trail
    count = display(amount(len(trail), "figures"))
    return sentence(report, "sources.run", count=count) + _sources(list(trail))


def _sources(figures: list[Figure]) -> Html:
    """A line a kind, in two columns of small print on paper."""
    kinds: dict[str, list[Figure]] = {}
    for figure in sorted(figures, key=_for_example):
        kinds.setdefault(_kind(figure.id), []).append(figure)
    lines = []
    for kind, some in sorted(kinds.items()):
        name = tag("span", some[0].label, id=f"from-{kind}")
        line = join([name, f" ({_how_many(some)}): {some[0].formula}"])
        lines.append(tag("li", line))
    return tag("ul", join(lines), css_class="sources")


def _for_example(figure: Figure) -> tuple[bool, str]:
    """Sort key: the figure that explains its kind best is not a comparison."""
    return figure.id.endswith((".before", ".change")), figure.id


def _how_many(some: list[Figure]) -> str:
    """The value of a figure that is alone in its kind, else how many more there are."""
    if len(some) == 1:
        return display(some[0])
    return f"and {len(some) - 1} more"


def linked(body: str, elsewhere: str = "") -> Html:
    """A page whose figures lead to their line of this annex.

    ``elsewhere`` is the page that has the lines which this one lacks. A figure that is a link
    already stays as it is, and so does one without a line anywhere.
    """
    lines = set(LINE.findall(body))
    # Within a section the Tab key stops at the first link to each line alone, so that a table of
    # wards is a few stops, not hundreds.
    met = set[str]()

    def lead(found: re.Match[str]) -> str:
        markup = found[0]
        if markup == "<h2":
            met.clear()
        if not found["figure"]:
            return markup
        kind = _kind(found["figure"])
        is_here = kind in lines
        if not is_here and not elsewhere:
            return markup
        page = elsewhere
        if is_here:
            page = ""
        passed = ""
        if kind in met:
            passed = ' tabindex="-1"'
        met.add(kind)
        return f'<a href="{page}#from-{kind}"{passed} class="trail">{markup}</a>'

    return Html(PRINTED.sub(lead, body))


def _kind(figure_id: str) -> str:
    """The start of an id, before a place, contract, class or period: ``lens.spend`` of a ward's."""
    parts = figure_id.split(".")
    if parts[0] in TOPICS:
        return ".".join(parts[:2])
    return parts[0]


def quality_in_brief(report: Report) -> Html:
    """Where every row of the inputs went and what was found; the methods report has each file."""
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


def data_quality(report: Report) -> Html:
    """Control totals per file, findings, corrections."""
    return join([_controls(report), _findings(report), show_table(report, "corrections")])


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


def method_in_brief(report: Report) -> Html:
    """The rules that a reader of the figures needs."""
    measure_set = report.council.measure_set
    disclosure = report.council.disclosure
    invented = ""
    if measure_set.is_illustrative:
        invented = " Its proxies are invented round numbers, for illustration only."
    measures = say(
        report,
        "method.measures",
        name=measure_set.name,
        invented=invented,
        series=break_in_words(report),
    )
    people = say(
        report,
        "method.people",
        people_below=str(disclosure.people_below),
        protected_below=str(disclosure.protected_below),
    )
    value = say(report, "method.value")
    bound = f"{report.council.thresholds.headline_known_pct.normalize():f}"
    headlines = say(report, "method.headlines", bound=bound)
    return bullets([value, say(report, "method.due"), headlines, measures, people])


def choices(report: Report) -> Html:
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


def glossary(report: Report) -> Html:
    """The words used, in plain English."""
    words = {"Social value": report.council.definition} | read_words("prose_glossary.yaml")
    lines = []
    for term, meaning in words.items():
        lines.append(tag("dt", term))
        lines.append(tag("dd", meaning))
    return tag("dl", join(lines))
