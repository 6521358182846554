"""Annexes: where each number comes from, data quality, the method in brief, the words."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from sv_lib.figures.figure import Figure
from sv_lib.params import Council
from sv_lib.present import formats, tables
from sv_lib.present.columns import number, records
from sv_lib.present.html import Html, bullets, join, paragraph, tag
from sv_lib.present.report import Report
from sv_lib.present.sections.methods import break_in_words
from sv_lib.present.tables import Column
from sv_lib.toms.valuation import plain

TOPICS = ("compliance", "delivery", "lens", "bridge", "people", "spend", "suppliers")
"""What has kinds of figures of its own; every other topic is one kind."""
LINE = re.compile(r'<span id="from-([^"]+)">')
PRINTED = re.compile(r'<a\b.*?</a>|<data class="figure" data-figure="(?P<figure>[^"]+)".*?</data>', re.DOTALL)
GLOSSARY = (
    ("Social value", "The wider good that a contract does for people and places, beyond what was bought."),
    ("Measure", "One thing that is counted, such as weeks of training, always in the same unit."),
    ("Proxy", "The price set on one unit of a measure, from a named edition and source."),
    ("Commitment", "What a supplier promised in the contract, over its whole life."),
    (
        "Delivered",
        "Claimed in a supplier's return and not rejected. Validated: checked by the council against evidence.",
    ),
    ("Local economic value", "Local jobs and local supply-chain spend, shown apart from the rest."),
    ("Coverage", "How much of what should be known is known."),
    ("LSOA", "A small area of about fifteen hundred people, used for official statistics."),
    ("Most deprived tenth", "LSOAs whose deprivation rank is in the worst tenth of England."),
    ("Reach ratio", "A group's share of the jobs divided by its share of residents. One is parity."),
    ("VCSE", "A voluntary, community or social enterprise."),
)


def number_sources(report: Report) -> Html:
    """The figures printed so far, a line a kind: what they are and how they are made. Figures lead here."""
    how = paragraph(
        "Every figure of this report is in figures.csv, with its parts and rows. To see the rows behind one: ",
        tag("code", "svreport trace RUN_DIR FIGURE_ID"),
        ". Below is how each kind is made; of several figures of a kind, the first stands as an example.",
    )  # fmt: skip
    ledger = report.calculation.ledger
    return join([how, _sources([ledger[figure_id] for figure_id in report.used])])


def figures_in_full(report: Report) -> Html:
    """The same of every figure of the run, and which file has what."""
    ledger = report.calculation.ledger
    how = paragraph(
        f"This run holds {formats.display(formats.Amount(len(ledger), 'figures'))} figures. The file figures.csv lists "
        "each with exact value, period, formula, parts, number of rows and a hash of its rows. In claims.csv is each "
        "claim with its working. In control_totals.csv every file accounts for its rows and pennies."
    )
    return join([how, _sources(list(ledger))])


def _sources(figures: list[Figure]) -> Html:
    """A line a kind, in two columns of small print on paper."""
    kinds: dict[str, list[Figure]] = {}
    for figure in sorted(figures, key=lambda figure: figure.id):
        kinds.setdefault(_kind(figure.id), []).append(figure)
    lines = (
        tag("li", join([tag("span", some[0].label, id=f"from-{kind}"), f": {_how_many(some)}. {some[0].formula}"]))
        for kind, some in kinds.items()
    )
    return tag("ul", join(lines), css_class="sources")


def _how_many(some: list[Figure]) -> str:
    """The value of a figure that is alone in its kind, else how many there are."""
    return f"one of {len(some)} figures" if some[1:] else formats.display(some[0])


def linked(body: str, elsewhere: str = "") -> Html:
    """A page whose figures lead to their line of this annex, or ``elsewhere``: to the page that has them all.

    A figure that is a link already stays as it is, and so does one with neither.
    """
    lines = set(LINE.findall(body))

    def lead(found: re.Match[str]) -> str:
        kind = _kind(found["figure"] or "")
        page = "" if kind in lines else elsewhere
        is_led = found["figure"] and (page or kind in lines)
        return f'<a href="{page}#from-{kind}" class="trail">{found[0]}</a>' if is_led else found[0]

    return Html(PRINTED.sub(lead, body))


def _kind(figure_id: str) -> str:
    """What a figure's relatives share: the start of the id, before a place, a contract, a class or a period."""
    parts = figure_id.split(".")
    return figure_id if parts[0] == "headline" else ".".join(parts[: 2 if parts[0] in TOPICS else 1])


def data_quality(report: Report) -> Html:
    """Control totals per file, findings, corrections, and how complete the inputs are."""
    return join([_controls(report), _findings(report), _corrections(report)])


def _controls(report: Report) -> Html:
    controls, counted = report.table("control_totals"), ["rows_in", "rows_used", "rows_excluded", "rows_quarantined"]
    is_whole = controls["pence_in"].isna() & (controls["rows_in"] == controls["rows_used"])
    whole = controls[is_whole]
    columns = (
        Column("File"), number("Rows in"), number("Used"), number("Excluded"),
        number("Quarantined"), Column("Pounds in", "£", "full"), Column("Pounds used", "£", "full"),
    )  # fmt: skip
    rows = [
        (row.file, *(formats.Amount(int(getattr(row, part)), "rows") for part in counted), _money(row.pence_in),
         _money(row.pence_used))
        for row in records(controls[~is_whole])
    ]  # fmt: skip
    if not whole.empty:
        sums = (formats.Amount(int(whole[part].sum()), "rows") for part in counted)
        rows.append((f"{len(whole)} without pounds, used whole", *sums, *[formats.NOT_APPLICABLE] * 2))
    notes = (
        "Every row in is used, excluded with a reason or quarantined with a finding; the sums are checked in code. "
        "Each file by itself is in control_totals.csv.",
    )
    return tables.show(
        "control-totals",
        "Control totals: every row and penny of every file",
        columns,
        rows,
        source="Input files",
        notes=notes,
    )


def _money(pence: Any) -> tables.Cell:
    return formats.NOT_APPLICABLE if pd.isna(pence) else formats.Amount(int(pence), "pence")


def _findings(report: Report) -> Html:
    found = report.table("findings")
    if found.empty:
        return paragraph("The inputs gave no findings.")
    groups = (
        found.groupby(["severity", "file", "problem"], sort=True)
        .agg(times=("found", "size"), row=("row", "min"))
        .reset_index()
    )
    rows = tuple(
        (f"{index}. {row.file}", row.severity, row.problem, formats.Amount(int(row.times), "times"))
        for index, row in enumerate(records(groups), start=1)
    )
    columns = (Column("File"), Column("Severity"), Column("What it means"), number("Times"))
    return tables.show("findings", "Findings in the inputs", columns, rows, source="findings.csv names each row")


def _corrections(report: Report) -> Html:
    made = report.table("corrections")
    if made.empty:
        return paragraph("No correction was declared for this publication.")
    rows = tuple(
        (f"{index}. {row.table}, {row.column}", str(row.expected), str(row.value), row.why, row.who)
        for index, row in enumerate(records(made), start=1)
    )
    columns = (Column("Where"), Column("Was"), Column("Now"), Column("Why"), Column("Who"))
    return tables.show("corrections", "Corrections declared", columns, rows, source="Corrections file")


def method_in_brief(report: Report) -> Html:
    """The method's rules and the council's own choices, each with its source."""
    council, measure_set = report.council, report.council.measure_set
    illustrative = (
        " Its proxies are invented round numbers, for illustration only." if measure_set.is_illustrative else ""
    )
    return join(
        [
            bullets(
                [
                    "Value is quantity × proxy × attribution, rounded to pence once for each "
                    "claim. Totals add the rounded pence.",
                    "A measure without a proxy is listed and adds nothing to a total.",
                    "Delivery is compared with what was due by now, never with the whole life of a contract.",
                    f"Where a contract sets no milestones, a commitment falls due in a "
                    f"{council.methods.due_without_milestones} "
                    f"over its life. {council.methods.source}",
                    *_deadweight(council),
                    join([f"Measure set: {measure_set.name}.{illustrative} ", break_in_words(report)]),
                    f"Thresholds: {council.thresholds.source.rstrip('.')}.",
                    f"Counts of people below {council.disclosure.people_below} are hidden, and "
                    f"those of protected characteristics "
                    f"below {council.disclosure.protected_below}.",
                ]
            ),
            paragraph("The methods report of this run gives every rule, proxy and worked example."),
        ]
    )


def _deadweight(council: Council) -> list[str]:
    """What is taken off, measure by measure, with its reason and source."""
    return [
        f"Deadweight taken off {ref}: {plain(one.pct)}%. {one.reason.rstrip('.')} (source: {one.source.rstrip('.')})."
        for ref, one in council.methods.deadweight.items()
    ] or ["No deadweight is taken off."]


def glossary(report: Report) -> Html:
    """The words used, in plain English."""
    words = (("Social value, for this council", report.council.definition), *GLOSSARY[1:])
    return tag("dl", join(join([tag("dt", term), tag("dd", meaning)]) for term, meaning in words))
