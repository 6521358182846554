"""Annexes: where each number comes from, data quality, the method in brief, the words."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from sv_lib.figures.figure import Figure
from sv_lib.intake.findings import counted
from sv_lib.params import Council
from sv_lib.present import formats, tables
from sv_lib.present.markup import Html, bullets, join, paragraph, tag
from sv_lib.present.report import Report
from sv_lib.present.sections.methods import break_in_words
from sv_lib.present.tables import TableColumn, number, records
from sv_lib.toms.valuation import plain

TOPICS = ("bridge", "compliance", "delivery", "headline", "lens", "people", "spend", "suppliers")
"""What has kinds of figures of its own; every other topic is one kind."""
LINE = re.compile(r'<span id="from-([^"]+)">')
PRINTED = re.compile(
    r'<h2\b|<a\b.*?</a>|<data class="figure" data-figure="(?P<figure>[^"]+)".*?</data>', re.DOTALL
)
GLOSSARY = (
    ("Measure", "One thing that is counted, such as weeks of training, always in the same unit."),
    ("Proxy", "The price set on one unit of a measure, from a named edition and source."),
    ("Commitment", "What a supplier promised in the contract, over its whole life."),
    (
        "Delivered",
        "Claimed in a supplier's return and not rejected. Validated: checked by the "
        "council by evidence.",
    ),
    ("Local economic value", "Local jobs and local supply-chain spend, shown apart from the rest."),
    ("Coverage", "How much of what should be known is known."),
    (
        "LSOA",
        "A small area of about fifteen hundred people. Most deprived tenth: those "
        "ranked worst in England.",
    ),
    (
        "Reach ratio",
        "A group's share of the jobs divided by its share of residents. One is parity.",
    ),
    ("VCSE", "A voluntary, community or social enterprise."),
)


def number_sources(report: Report) -> Html:
    """The figures printed so far, a line a kind: what they are and how they are made. Figures lead
    here.
    """
    how = paragraph(
        "Every figure of this report is in figures.csv, with its parts and rows. To "
        "see the rows behind one: ",
        tag("code", "svreport trace RUN_DIR FIGURE_ID"),
        ". Below is how each kind is made; of several figures of a kind the first is "
        "named. The methods "
        "report gives every rule, proxy, choice and worked example.",
    )
    trail = report.calculation.trail
    return join([how, _sources([trail[figure_id] for figure_id in report.used])])


def figures_in_full(report: Report) -> Html:
    """The same of every figure of the run, and which file has what."""
    trail = report.calculation.trail
    how = paragraph(
        f"This run holds {formats.display(formats.Amount(len(trail), 'figures'))} "
        f"figures. The file figures.csv lists "
        "each with exact value, period, formula, parts, number of rows and a hash of "
        "its rows. In claims.csv is each "
        "claim with its working. In control_totals.csv every file accounts for its "
        "rows and pennies."
    )
    return join([how, _sources(list(trail))])


def _sources(figures: list[Figure]) -> Html:
    """A line a kind, in two columns of small print on paper."""
    kinds: dict[str, list[Figure]] = {}
    for figure in sorted(
        figures, key=lambda figure: (figure.id.endswith((".before", ".change")), figure.id)
    ):
        kinds.setdefault(_kind(figure.id), []).append(figure)
    lines = (
        tag(
            "li",
            join(
                [
                    tag("span", some[0].label, id=f"from-{kind}"),
                    f" ({_how_many(some)}): {some[0].formula}",
                ]
            ),
        )
        for kind, some in sorted(kinds.items())
    )
    return tag("ul", join(lines), css_class="sources")


def _how_many(some: list[Figure]) -> str:
    """The value of a figure that is alone in its kind, else how many more there are."""
    return f"and {len(some) - 1} more" if some[1:] else formats.display(some[0])


def linked(body: str, elsewhere: str = "") -> Html:
    """A page whose figures lead to their line of this annex, or ``elsewhere``: to the page that has
    them all.

    A figure that is a link already stays as it is, and so does one with neither. Within a section
    the Tab key stops at the first link to each line alone: a table of wards is a few stops, not
    hundreds.
    """
    lines, met = set(LINE.findall(body)), set[str]()

    def lead(found: re.Match[str]) -> str:
        if found[0] == "<h2":
            met.clear()
        kind = _kind(found["figure"] or "")
        page = "" if kind in lines else elsewhere
        if not found["figure"] or not (page or kind in lines):
            return found[0]
        passed = ' tabindex="-1"' if kind in met else ""
        met.add(kind)
        return f'<a href="{page}#from-{kind}"{passed} class="trail">{found[0]}</a>'

    return Html(PRINTED.sub(lead, body))


def _kind(figure_id: str) -> str:
    """What a figure's relatives share: the start of the id, before a place, a contract, a class or
    a
    period.
    """
    parts = figure_id.split(".")
    return ".".join(parts[: 2 if parts[0] in TOPICS else 1])


def quality_in_brief(report: Report) -> Html:
    """Where every row of the inputs went and what was found, in two sentences; the methods report
    has
    each file.
    """
    controls = report.table("control_totals")
    parts = ("in", "used", "excluded", "quarantined")
    rows = [
        formats.display(formats.Amount(int(controls[f"rows_{part}"].sum()), "rows"))
        for part in parts
    ]
    pounds = formats.display(formats.Amount(int(controls["pence_in"].sum()), "pence"))
    found, mended = (
        formats.display(formats.Amount(len(report.table(name)), "lines"))
        for name in ("findings", "corrections")
    )
    return paragraph(
        f"The input files held {rows[0]} rows and {pounds}. Of the rows, {rows[1]} are "
        f"used, {rows[2]} are excluded "
        f"with a reason and {rows[3]} are set aside with a finding; code checks that "
        f"they add up to the penny. "
        f"Findings to know: {found}. Corrections declared: {mended}. The methods "
        f"report has each of them, file by file."
    )


def data_quality(report: Report) -> Html:
    """Control totals per file, findings, corrections, and how complete the inputs are."""
    return join([_controls(report), _findings(report), _corrections(report)])


def _controls(report: Report) -> Html:
    controls, counted = (
        report.table("control_totals"),
        ["rows_in", "rows_used", "rows_excluded", "rows_quarantined"],
    )
    is_whole = controls["pence_in"].isna() & (controls["rows_in"] == controls["rows_used"])
    whole = controls[is_whole]
    columns = (
        TableColumn("File"),
        number("Rows in"),
        number("Used"),
        number("Excluded"),
        number("Quarantined"),
        TableColumn("Pounds in", "£", "full"),
        TableColumn("Pounds used", "£", "full"),
    )
    rows = [
        (
            row.file,
            *(formats.Amount(int(getattr(row, part)), "rows") for part in counted),
            _money(row.pence_in),
            _money(row.pence_used),
        )
        for row in records(controls[~is_whole])
    ]
    if not whole.empty:
        sums = (formats.Amount(int(whole[part].sum()), "rows") for part in counted)
        rows.append(
            (f"{len(whole)} without pounds, used whole", *sums, *[formats.NOT_APPLICABLE] * 2)
        )
    notes = (
        "Every row in is used, excluded with a reason or quarantined with a finding; "
        "the sums are checked in code. "
        "Each file by itself is in control_totals.csv.",
    )
    caption = "Control totals: every row and penny of every file"
    return tables.show("control-totals", caption, columns, rows, source="Input files", notes=notes)


def _money(pence: Any) -> tables.TableCell:
    return formats.NOT_APPLICABLE if pd.isna(pence) else formats.Amount(int(pence), "pence")


def _findings(report: Report) -> Html:
    found = report.table("findings")
    if found.empty:
        return paragraph("The inputs gave no findings.")
    groups = (
        found.groupby(["severity", "problem"], sort=True)
        .agg(times=("found", "size"), files=("file", "nunique"), file=("file", "first"))
        .reset_index()
    )
    rows = tuple(
        (
            f"{index}. {_named(row)}",
            row.severity,
            row.problem,
            formats.Amount(int(row.times), "times"),
        )
        for index, row in enumerate(records(groups), start=1)
    )
    columns = (
        TableColumn("File"),
        TableColumn("Severity"),
        TableColumn("What it means"),
        number("Times"),
    )
    return tables.show(
        "findings", "Findings in the inputs", columns, rows, source="findings.csv names each row"
    )


def _named(row: Any) -> str:
    """The file of a finding; of many files the first."""
    return (
        str(row.file)
        if row.files == 1
        else f"{row.file} and {counted(row.files - 1, 'other file')}"
    )


def _corrections(report: Report) -> Html:
    made = report.table("corrections")
    if made.empty:
        return paragraph("No correction was declared for this publication.")
    rows = [
        (f"{index}. {row.table}, {row.column}", str(row.expected), str(row.value), row.why, row.who)
        for index, row in enumerate(records(made), start=1)
    ]
    columns = [TableColumn(word) for word in ("Where", "Was", "Now", "Why", "Who")]
    return tables.show(
        "corrections", "Corrections declared", columns, rows, source="Corrections file"
    )


def method_in_brief(report: Report) -> Html:
    """The rules that a reader of the figures needs."""
    measure_set = report.council.measure_set
    invented = (
        " Its proxies are invented round numbers, for illustration only."
        if measure_set.is_illustrative
        else ""
    )
    return bullets(
        [
            "Value is quantity × proxy × attribution, rounded to pence once for each "
            "claim. Totals add the rounded pence. "
            "A measure without a proxy is listed and adds nothing to a total.",
            "Delivery is compared with what was due by now, never with the whole life "
            "of a contract.",
            join([f"Measure set: {measure_set.name}.{invented} ", break_in_words(report)]),
            f"Counts of people below {report.council.disclosure.people_below} are "
            f"hidden, and those of protected "
            f"characteristics below {report.council.disclosure.protected_below}.",
        ]
    )


def choices(report: Report) -> Html:
    """The council's own choices of method, each with its source."""
    council = report.council
    due = council.methods.due_without_milestones
    return bullets(
        [
            f"Where a contract sets no milestones, a commitment falls due in a {due} "
            f"over its life. "
            f"{council.methods.source}",
            *_deadweight(council),
            f"Thresholds: {council.thresholds.source.rstrip('.')}.",
        ]
    )


def _deadweight(council: Council) -> list[str]:
    """What is taken off, measure by measure, with its reason and source."""
    return [
        f"Deadweight taken off {ref}: {plain(one.pct)}%. {one.reason.rstrip('.')} "
        f"(source: {one.source.rstrip('.')})."
        for ref, one in council.methods.deadweight.items()
    ] or ["No deadweight is taken off."]


def glossary(report: Report) -> Html:
    """The words used, in plain English."""
    words = (("Social value", report.council.definition), *GLOSSARY)
    return tag("dl", join(join([tag("dt", term), tag("dd", meaning)]) for term, meaning in words))
