"""The methods report: the method as run, for auditors."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from sv_lib.figures.protection.units import unit_rules
from sv_lib.figures.topics.revisions import COLUMNS, DIFFERENCES
from sv_lib.figures.topics.sensitivity import OTHERWISE, register
from sv_lib.figures.trail import slug
from sv_lib.money import half_up
from sv_lib.periods import long_date
from sv_lib.present import formats, pieces
from sv_lib.present.markup import Html, bullets, heading, join, paragraph, tag
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import say, sentence, why
from sv_lib.present.report import Report
from sv_lib.present.sections.front import opening
from sv_lib.toms.measures import Measure, measures_of
from sv_lib.toms.series import CAUSES

FLOW = (
    "parameters → intake → measures and proxies → analysis → figures → pages and data files "
    "→ manifest"
)
RATINGS = {"green": "sound", "amber": "take care", "red": "uncertain"}
SERIES = "series.delivered_value"


@pieces.text("methods.opening")
def _opening(report: Report) -> Html:
    """Title, status, and what the report is for."""
    lead = "How every figure of this publication is made, so that it can be made again."
    return opening(report, f"Methods: {report.publication.file.title}", [lead])


@pieces.text("methods.flow")
def _flow(_: Report) -> Html:
    """The flow from file to page."""
    return paragraph(tag("strong", "From file to page: "), FLOW, ".")


@pieces.text("series.sets")
def _sets(report: Report) -> Html:
    """The measure sets of the two periods, and whether the series is broken between them."""
    sets = report.publication.measure_sets
    named = "; then ".join(f"{one.name}, from {long_date(one.valid_from)}" for one in sets)
    return paragraph(f"Measure set: {named}. ", break_in_words(report))


@pieces.table("series.causes")
def _causes(report: Report) -> Html:
    """The change in value at constant editions, by cause."""
    causes = PageTable(report, "series")
    causes.add(f"Claimed in {report.before}", amount="headline.delivered_value.before")
    for cause, words in CAUSES.items():
        label = f"{cause.capitalize()}: {words}"
        causes.add(label, amount=f"{SERIES}.{slug(cause)}")
    causes.add("Claimed in the period", amount="headline.delivered_value.this")
    return causes.show()


@pieces.table("series.measures")
def _by_measure(report: Report) -> Html:
    """The same change, measure by measure."""
    by_measure = PageTable(report, "series-measures")
    for row in report.records("series"):
        change = formats.amount(row.change_pence, "pence")
        by_measure.add(f"{row.measure_ref}: {row.cause}", change)
    return by_measure.show()


@pieces.table("revisions.headlines")
def _revisions(report: Report) -> Html:
    """Each headline of the earlier period as it was known on three days, and what was revised."""
    rows = report.frame("revisions")
    days = rows[list(COLUMNS)].iloc[0].to_dict()
    table = PageTable(report, "revisions", "", **{f"{name}_day": day for name, day in days.items()})
    for row in report.records("revisions"):
        stem = f"revision.{row.headline}."
        known = [report.say(stem + column) for column in COLUMNS]
        changed = [_revised(report, stem + part) for part in DIFFERENCES]
        table.add(row.title, *known, *changed)
    return table.show()


def _revised(report: Report, figure_id: str) -> Html:
    """A difference, marked where it is one."""
    mark = " [r]" if report[figure_id].value else ""
    return report.say(figure_id, signed=True) + mark


def break_in_words(report: Report) -> Html:
    """Whether the series is broken between the two periods, and by how much."""
    is_one_set = len(report.publication.measure_sets) == 1
    # What quantities change is no break: only the other causes are one.
    causes = report.each(SERIES, ("edition", "measure-added", "measure-dropped"))
    unknown = [cause for cause in causes if not cause.is_known]
    if any(cause.kind == "hidden" for cause in unknown):
        return say(report, "series.not_told")
    if unknown:
        return say(report, "series.not_known", why=why(unknown[0]))
    has_changed = any(cause.value for cause in causes)
    if is_one_set and not has_changed:
        return say(report, "series.unbroken")
    return say(report, "series.broken")


@pieces.table("assumptions.register")
def _assumptions(report: Report) -> Html:
    """The register: source, owner, rating, caveat, and the effect on the headline, computed."""
    table = PageTable(report, "assumptions")
    for one in register():
        sureness = "stated" if one.sure == "A" else "our choice"
        effect: str = "none on the value claimed"
        if one.effect:
            change = report.say(f"sensitivity.{one.effect}.change", signed=True)
            effect = change + f" with {OTHERWISE[one.effect]}"
        rating = tag("span", RATINGS[one.rag], css_class=f"rag rag-{one.rag}")
        source = f"{one.source} ({sureness})"
        review_by = long_date(one.review_on)
        label = f"{one.id}. {one.assumption}"
        table.add(label, rating, one.caveat, source, one.owner, review_by, effect)
    return table.show()


@pieces.table("editions.proxies")
def _proxies(report: Report) -> Html:
    """Proxies by edition, each with its source and checker."""
    proxies = report.frame("proxies")
    prices = proxies["proxy"].map(_price)
    return show_table(report, "proxies", proxies.assign(price=prices))


def _price(proxy: Decimal | None) -> str:
    if proxy is None:
        return "recorded only"
    return f"£{proxy:,f}"


@pieces.text("methods.measures")
def _measure_pages(report: Report) -> Html:
    """Each measure: rule, formula, evidence, overlaps, and its worked examples, which are tests."""
    wanted = report.publication.measure_refs
    measures = measures_of(report.publication)
    return join(_measure(report, measures[ref]) for ref in measures if ref in wanted)


def _measure(report: Report, measure: Measure) -> Html:
    evidence = "; ".join(measure.evidence)
    # Those of this council's own price lists, not all that the package knows of.
    priced = report.rows("proxies", "measure_ref", measure.ref)["edition"]
    editions = ", ".join(sorted(set(priced))) or "none that this council supplied"
    overlaps = ", ".join(measure.overlaps) or "none"
    words = {
        "Rule": measure.rule,
        "Formula": measure.formula,
        "Evidence to hold": evidence,
        "Editions": editions,
        "May hold the same benefit as": overlaps,
    }
    facts = [_fact(name, text) for name, text in words.items()]
    # The prices of examples are the package's own, which are no council's.
    is_illustrative = report.council.measure_set.is_illustrative
    example = "Example" if is_illustrative else "Example, at a made-up price"
    for one in measure.examples:
        working = one.working
        if not working:
            working = f"{one.quantity:f} {measure.unit}, recorded only"
        facts.append(_fact(example, f"{one.title}: {working}"))
    anchor = f"measure-{measure.ref.lower()}"
    name = f"{measure.ref} {measure.title}"
    return heading(3, name, id=anchor) + bullets(facts)


def _fact(name: str, text: str) -> Html:
    return join([tag("strong", f"{name}: "), text])


@pieces.table("worked.claim")
def _worked(report: Report) -> Html:
    """One priced claim of this run, worked through as an auditor would: the largest validated."""
    claims = report.frame("claims")
    is_validated = claims["state"] == "validated"
    priced = claims[is_validated & claims["value_pence"].notna()]
    if priced.empty:
        return paragraph("This publication has no validated claim to work through.")
    order = priced.sort_values(["value_pence", "claim_id"], ascending=[False, True], kind="stable")
    row = order.iloc[0]
    quantity = row["quantity"]
    proxy = row["proxy"]
    pounds = quantity * proxy * row["attribution"]
    pence = half_up(pounds * 100)
    value = formats.amount(pence, "pence")
    # The steps in page_tables.yaml may name any column of a claim.
    slots = {str(name): str(cell) for name, cell in row.items()}
    slots["quantity"] = f"{quantity:,f}"
    slots["proxy"] = f"{proxy:,f}"
    slots["value"] = formats.display(value, style="full")
    return show_table(report, "worked", **slots)


def _blocked(report: Report) -> pd.DataFrame:
    """Claims that share a person or activity with one that is counted."""
    claims = report.frame("claims")
    return claims if claims.empty else claims[claims["is_blocked"].astype(bool)]


@pieces.text("overlaps.lead")
def _overlaps(report: Report) -> Html:
    """How many claims are counted once with others, and how many pairs may overlap."""
    if report.frame("claims").empty:
        return sentence(report, "overlaps.none")
    pairs = str(len(report.frame("overlaps")))
    return sentence(report, "overlaps.lead", blocked=str(len(_blocked(report))), pairs=pairs)


@pieces.table("overlaps.blocked")
def _blocked_claims(report: Report) -> Html:
    """Claims that share a person or activity, which are counted once."""
    blocked = _blocked(report)
    return Html() if blocked.empty else show_table(report, "blocked", blocked)


@pieces.table("method.small_numbers")
def _small_numbers(report: Report) -> Html:
    """What the public build hides and rounds, a line a unit."""
    rules = report.council.disclosure
    table = PageTable(report, "small-numbers")
    for rule in unit_rules():
        nearest = rule.nearest(rules)
        to = f"{nearest}, marked [r{nearest}]" if nearest else "not rounded once more"
        table.add(rule.name, rule.hidden_in_words(rules), to, rule.why)
    return table.show()
