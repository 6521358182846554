"""Page one of the ward report: the ward in four numbers, where it is, why it changed, its like."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from sv_lib.analysis.similar_wards import Likeness, most_similar
from sv_lib.figures.figure import Figure
from sv_lib.present import cards, formats, pieces
from sv_lib.present.markup import Html, figure, heading, join, paragraph, tag, text_of
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import fill, say, why
from sv_lib.present.report import Report
from sv_lib.present.sections import change
from sv_lib.present.sections.front import opening, who_counts
from sv_lib.present.sections.ward_map import TABLE_OF_WARDS, ward_map

SIMILAR_SHOWN = 4
ROOM = 260
"""Characters of the sentences on single contracts: the report has two pages."""


class Number(NamedTuple):
    """One of the four numbers: its label, its family of figures, and by which lens."""

    label: str
    family: str
    lens: str

    @property
    def is_money(self) -> bool:
        return self.family == "spend"


FOUR = (
    Number("Residents who {did}", "jobs", "beneficiary"),
    Number("Weeks of training", "weeks", "beneficiary"),
    Number("Paid to firms here", "spend", "supplier"),
    Number("Work done here", "spend", "place"),
)
LIVING = {
    "here": ("lives", "live"),
    "elsewhere": ("lives", "live"),
    "unknown": ("home is", "homes are"),
}
"""Where people taken on for work here may live, with the words for one and for more."""


@pieces.text("ward.opening")
def _opening(report: Report) -> Html:
    """Council, ward, period, councillors and residents."""
    return opening(report, f"Ward report: {report.ward_name}", [], _facts(report))


def _facts(report: Report) -> Html:
    """The line under the title: period, councillors, residents where they are known."""
    councillors = {ward.code: ward.councillors for ward in report.council.wards}[report.ward]
    facts = [str(report.publication.sv)]
    if councillors:
        facts.append(f"{councillors} councillors")
    residents = report[f"ward.{report.ward}.residents"]
    if residents.is_known:
        facts.append(figure(residents) + " residents")
    return join(facts, " · ")


@pieces.text("ward.numbers")
def _numbers(report: Report) -> Html:
    """The four numbers side by side, each with the mean of all wards, its rank and last year."""
    made = [_card(report, number) for number in FOUR]
    numbers = tag("ul", join(made), css_class=f"cards cards-{len(made)}", role="list")
    return heading(2, "This ward in four numbers") + numbers


def _card(report: Report, number: Number) -> Html:
    """One number; where it may not be told, that of both periods; else in words that it is few."""
    stem = f"lens.{number.family}.{report.ward}.{number.lens}"
    shown = report[stem]
    is_of_both = not number.is_money and shown.kind == "hidden" and not shown.is_told
    if is_of_both:
        is_of_both = report.calculation.trail[f"{stem}.both"].is_told
    months = report.words["spend_months" if number.is_money else "months"]
    detail = join([months, _before(report, number)], "; ")
    if is_of_both:
        shown, detail = report[f"{stem}.both"], Html(report.both_spans)
    lines = {
        "card-label": fill(number.label, who_counts(report)),
        _number_look(shown): figure(shown) if shown.is_told else _untold(report, shown),
        "card-change": _beside_others(report, number, is_of_both),
        "card-detail": detail,
    }
    return cards.in_lines(lines)


def _number_look(shown: Figure) -> str:
    is_long = len(formats.display(shown)) > cards.LONG_NUMBER or not shown.is_told
    return "card-number is-words" if is_long else "card-number"


def _untold(report: Report, shown: Figure) -> Html:
    """The words that stand in place of a number."""
    if shown.kind == "hidden":
        return say(report, "ward.too_few")
    return figure(shown)


def _beside_others(report: Report, number: Number, is_of_both: bool) -> Html:
    """The ward's place among all, and what a ward has on average."""
    mean = f"ward.mean.{number.family}.{number.lens}"
    said = say(report, "ward.mean_now" if is_of_both else "ward.mean", mean=mean)
    place = report.standing(f"lens.{number.family}.{{}}.{number.lens}", report.ward)
    if place and _is_enough(report, number):
        said = join([f"{place}; ", said])
    return said


def _is_enough(report: Report, number: Number) -> bool:
    """Whether enough is known of where payments belong to put wards in an order by them."""
    coverage = report.calculation.trail[f"coverage.{number.family}.{number.lens}"]
    return report.is_enough(coverage)


def _before(report: Report, number: Number) -> Html:
    """What it was in the period before."""
    told = report.spend_before if number.is_money else report.before
    before = report[f"lens.{number.family}.{report.ward}.{number.lens}.before"]
    if before.kind == "hidden" and not before.is_told:
        return say(report, "ward.before_few", told_before=told)
    return say(report, "card.before", before_figure=before.id, told_before=told)


@pieces.text("ward.taken_on")
def _flow(report: Report) -> Html:
    """Who was taken on for work here: whether they live here, elsewhere, or it is not known."""
    every = report[f"ward.{report.ward}.hired.all"]
    if every.kind == "unknown":
        return paragraph(say(report, "ward.hired"), css_class="lead")
    if every.value == 0:
        return paragraph(say(report, "ward.hired_none"), css_class="lead")
    living = [_living(report, where, *words) for where, words in LIVING.items()]
    told = [part for part in living if part]
    if len(told) < len(living):
        told.append(say(report, "ward.hired_rest" if told else "ward.hired_untold"))
    template = "ward.hired_of" if every.is_known else "ward.hired"
    return paragraph(say(report, template, living=_listed(told)), css_class="lead")


def _living(report: Report, where: str, one: str, many: str) -> Html:
    """How many of those taken on live there; empty where that may not be told."""
    number = report[f"ward.{report.ward}.hired.{where}"]
    if not number.is_told:
        return Html()
    if number.value == 0:
        return say(report, f"ward.hired_{where}_none")
    return say(report, f"ward.hired_{where}", verb=formats.plural(number, one, many))


def _listed(parts: Sequence[Html]) -> Html:
    """Parts of a sentence with "and" before the last."""
    *first, last = parts
    return join([join(first, ", "), " and ", last]) if first else last


@pieces.chart("ward.map")
def _map(report: Report) -> Html:
    """Where the ward is, among all by deprivation."""
    table = f"../{report.publication.file.kind}.html{TABLE_OF_WARDS}"
    return ward_map(report, "deprivation", "half", table=table)


def _is_bridged(report: Report) -> bool:
    return report.is_known(f"bridge.spend.{report.ward}.change")


def _has_work(report: Report) -> bool:
    """Whether any work was done here, now or before."""
    works = f"lens.spend.{report.ward}.place"
    return any(report[f"{works}{when}"].value for when in ("", ".before"))


def _has_change(report: Report) -> bool:
    """Whether there is a change to tell of."""
    return _is_bridged(report) and _has_work(report)


@pieces.chart("ward.change")
def _change(report: Report) -> Html:
    """The bridge of work done here with its prices, or why there is none."""
    if not _is_bridged(report):
        bridged = report[f"bridge.spend.{report.ward}.change"]
        return paragraph(say(report, "ward.no_bridge", why=why(bridged)))
    if not _has_work(report):
        return paragraph(say(report, "ward.no_work"))
    drawn = change.waterfall(report, report.ward, "half")
    if not _has_prices(report):
        return drawn
    return drawn + cards.note(change.told_apart(report, report.ward))


@pieces.text("ward.largest", when=_has_change)
def _largest(report: Report) -> Html:
    """The contracts behind the change, as many of them as there is room for; one at least."""
    said = Html()
    for words in filter(None, change.largest(report, report.ward)):
        longer = join(filter(None, [said, words]), " ")
        if said and len(text_of(longer)) > ROOM:
            break
        said = longer
    return paragraph(said)


def _has_prices(report: Report) -> bool:
    """Whether prices and quantities of a continuing contract here are told apart."""
    trail = report.calculation.trail
    stem = f"bridge.spend.{report.ward}.continuing"
    return any(trail[f"{stem}.{part}"].value for part in ("price", "volume"))


@pieces.table("ward.similar")
def _similar(report: Report) -> Html:
    """This ward and those most like it side by side."""
    codes = like_wards(report)
    if not codes:
        return paragraph(say(report, "ward.no_likeness"))
    table = PageTable(report, "similar-wards")
    for code in (report.ward, *codes[:SIMILAR_SHOWN]):
        name = report.council.ward_name(code)
        table.add("This ward" if code == report.ward else name, code=code)
    return table.show()


def like_wards(report: Report) -> list[str]:
    """The other wards, the most like this one first; none where deprivation is not known."""
    trail = report.calculation.trail
    wards = {}
    for ward in report.council.wards:
        share = trail[f"ward.{ward.code}.share_20"].value
        residents = trail[f"ward.{ward.code}.residents"].value
        if share is not None and residents is not None:
            wards[ward.code] = Likeness(Fraction(share), Fraction(residents))
    return most_similar(wards, report.ward)
