"""The methods report: the method as run, for auditors."""

from __future__ import annotations

from sv_lib.figures.topics.sensitivity import OTHERWISE, register
from sv_lib.figures.trail import slug
from sv_lib.money import half_up
from sv_lib.periods import long_date
from sv_lib.present import formats, tables
from sv_lib.present.markup import Html, bullets, escape, heading, join, paragraph, tag
from sv_lib.present.report import Report
from sv_lib.present.sections.front import opening
from sv_lib.present.tables import TableColumn, records
from sv_lib.toms.measures import Measure, catalogue
from sv_lib.toms.series import CAUSES

FLOW = (
    "parameters",
    "intake",
    "measures and proxies",
    "analysis",
    "figures",
    "pages and data files",
    "manifest",
)

RATINGS = {"green": "sound", "amber": "take care", "red": "uncertain"}


def methods_cover(report: Report) -> Html:
    """Title, status, what the report is for, and the flow."""
    lead = "How every figure of this publication is made, so that it can be made again."
    head = opening(report, f"Methods: {report.publication.file.title}", [lead])
    return head + paragraph(tag("strong", "From file to page: "), " → ".join(FLOW), ".")


def series_break(report: Report) -> Html:
    """Which measure sets and editions the two periods stand on, and the change in value at constant
    editions.
    """
    sets = "; then ".join(
        f"{one.name}, from {long_date(one.valid_from)}" for one in report.publication.measure_sets
    )
    stem, source = "headline.delivered_value", "Quarterly returns and proxies of both periods"
    rows = (
        (f"Delivered in {report.before}", report[f"{stem}.before"]),
        *(
            (f"{cause.capitalize()}: {words}", report[f"series.delivered_value.{slug(cause)}"])
            for cause, words in CAUSES.items()
        ),
        ("Delivered in the period", report[f"{stem}.this"]),
    )
    columns = (TableColumn("Cause"), TableColumn("Value", "£", "full"))
    parts = [
        paragraph(f"Measure set: {sets}. ", break_in_words(report)),
        tables.show(
            "series",
            "The change in delivered value, at constant editions",
            columns,
            rows,
            source=source,
            has_total=True,
        ),
    ]
    by_measure = [
        (f"{row.measure_ref}: {row.cause}", formats.Amount(int(row.change_pence), "pence"))
        for row in records(report.table("series"))
    ]
    if by_measure:
        columns = (
            TableColumn("Measure and cause"),
            TableColumn("Change", "£", "full", signed=True),
        )
        parts.append(
            tables.show(
                "series-measures", "The same, by measure", columns, by_measure, source=source
            )
        )
    return join(parts)


def assumptions(report: Report) -> Html:
    """The register: owner, source, review date, rating, caveat; and the effect on the headline,
    computed.
    """
    rows = tuple(
        (
            f"{one.id}. {one.assumption}",
            tag("span", RATINGS[one.rag], css_class=f"rag rag-{one.rag}"),
            one.caveat,
            f"{one.source} ({'stated' if one.sure == 'A' else 'our choice'})",
            one.owner,
            long_date(one.review_on),
            join(
                [
                    report.say(f"sensitivity.{one.effect}.change", signed=True),
                    f" with {OTHERWISE[one.effect]}",
                ]
            )
            if one.effect
            else "none on the value delivered",
        )
        for one in register()
    )
    heads = (
        "Assumption",
        "Rating",
        "Caveat",
        "Source",
        "Owner",
        "Review by",
        "Effect on the value delivered",
    )
    return tables.show(
        "assumptions",
        "Assumptions register",
        [*map(TableColumn, heads)],
        rows,
        source="the register of the code, and the claims of this run",
    )


def break_in_words(report: Report) -> Html:
    """Whether the series is broken between the two periods, and by how much."""
    quantity, *others = (f"series.delivered_value.{slug(cause)}" for cause in CAUSES)
    if len(report.publication.measure_sets) == 1 and not any(
        report[other].value for other in others
    ):
        return escape(
            "No break in the series: one measure set, each measure at the same mean "
            "price in both periods."
        )
    edition, added, dropped = (report.say(other, signed=True) for other in others)
    return join(
        [
            "A break in the series: of the change in delivered value, ",
            edition,
            " comes of editions, ",
            added,
            " of measures added and ",
            dropped,
            " of measures dropped. ",
            report.say(quantity, signed=True),
            " is what quantities changed at the earlier prices.",
        ]
    )


def editions(report: Report) -> Html:
    """Proxies by edition, each with its source and checker."""
    proxies = report.table("proxies")
    if proxies.empty:
        return paragraph("No proxies were supplied, so nothing is priced.")
    rows = [
        (
            f"{row.measure_ref}, {row.edition}",
            row.unit,
            "recorded only" if row.proxy is None else f"£{row.proxy:f}",
            row.source,
            row.source_place,
            row.checked_by,
        )
        for row in records(proxies)
    ]
    columns = [
        TableColumn(word)
        for word in (
            "Measure and edition",
            "Unit",
            "Proxy",
            "Source",
            "Place in source",
            "Checked by",
        )
    ]
    return tables.show(
        "proxies", "Proxies in use", columns, rows, source="The council's proxy files"
    )


def measure_pages(report: Report) -> Html:
    """Each measure: rule, formula, evidence, overlaps, and its worked examples, which are also its
    tests.
    """
    wanted = report.publication.measure_refs
    return join(_measure(measure) for ref, measure in catalogue().items() if ref in wanted)


def _measure(measure: Measure) -> Html:
    examples = (
        join(
            [
                tag("strong", "Example: "),
                f"{one.title}: ",
                one.working or f"{one.quantity:f} {measure.unit}, recorded only",
            ]
        )
        for one in measure.examples
    )
    facts = bullets(
        [
            join([tag("strong", "Rule: "), measure.rule]),
            join([tag("strong", "Formula: "), measure.formula]),
            join([tag("strong", "Evidence to hold: "), "; ".join(measure.evidence)]),
            join([tag("strong", "Editions: "), ", ".join(measure.editions)]),
            join(
                [
                    tag("strong", "May hold the same benefit as: "),
                    ", ".join(measure.overlaps) or "none",
                ]
            ),
            *examples,
        ]
    )
    return heading(3, f"{measure.ref} {measure.title}", id=f"measure-{measure.ref.lower()}") + facts


def worked_through(report: Report) -> Html:
    """One priced claim of this run, worked through as an auditor would."""
    claims = report.table("claims")
    priced = claims[claims["value_pence"].notna() & (claims["state"] == "validated")]
    if priced.empty:
        return paragraph("This publication has no validated claim to work through.")
    row = priced.sort_values(
        ["value_pence", "claim_id"], ascending=[False, True], kind="stable"
    ).iloc[0]
    exact = row["quantity"] * row["proxy"] * row["attribution"] * 100
    value = formats.display(formats.Amount(half_up(exact), "pence"), style="full")
    steps = (
        (
            "1. The claim",
            f"{row['claim_id']} in {row['source_file']}, row {row['source_row']}: contract "
            f"{row['contract_id']}, measure {row['measure_ref']}, {row['quantity']:f} "
            f"{row['unit']}",
        ),
        (
            "2. Its price",
            f"the contract's edition is {row['edition']}; its proxy is £{row['proxy']:f}",
        ),
        ("3. The working", row["working"]),
        ("4. Again from its parts", f"before deadweight: {value}"),
        (
            "5. Where it goes",
            "when its quarter lies in the period it is one of the rows of "
            "headline.delivered_value.this; svreport trace lists them all",
        ),
    )
    return tables.show(
        "worked",
        "One validated claim, step by step",
        (TableColumn("Step"), TableColumn("What is done")),
        steps,
        source="Claims of this run",
    )


def overlaps_found(report: Report) -> Html:
    """Claims that share a person or activity (counted once), and pairs of measures that may
    overlap.
    """
    claims, pairs = report.table("claims"), report.table("overlaps")
    blocked = claims[claims["is_blocked"].astype(bool)]
    said = paragraph(
        f"{len(blocked)} claims share a person or an activity with another and are counted once; "
        f"{len(pairs)} pairs of overlapping measures within one contract are listed for checking."
    )
    if blocked.empty:
        return said
    rows = [
        (row.claim_id, row.contract_id, row.measure_ref, row.shares_with)
        for row in records(blocked)
    ]
    columns = [
        TableColumn(word) for word in ("Claim not counted", "Contract", "Measure", "Counted as")
    ]
    return said + tables.show(
        "blocked", "Claims counted once only", columns, rows, source="Quarterly returns"
    )
