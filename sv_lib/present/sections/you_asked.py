"""What was asked and resolved: one sentence of figures, a status from the evidence, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sv_lib.figures.trail import slug
from sv_lib.intake.tables.dictionary import NO_SECTION
from sv_lib.periods import long_date, months_after
from sv_lib.present import cards, pieces
from sv_lib.present.markup import Html, anchor, escape, join, link, tag
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import read_words, say_as
from sv_lib.present.report import Report
from sv_lib.present.sections.actions import standing
from sv_lib.present.sections.change import IN_WORDS
from sv_lib.present.sections.deprivation import base
from sv_lib.present.sections.methods import break_in_words
from sv_lib.present.tables import records, told_apart

ANSWERED, PARTLY, NOT_YET = "answered", "partly", "not yet"
DEPRIVED = 5
"""How many of the most deprived wards "a deprived ward" is one of."""
NOWHERE = "none"
"""In place of a ward's code or a cause, for a council without wards."""
NO_PLACES = "No wards or rings are set for this council, so places are not known."
NO_STORY = "No story with consent was supplied for this period."


@pieces.table("asked.questions")
def _questions(report: Report) -> Html:
    """The questions and resolutions of the log, then those that other boards ask."""
    every = read_words("prose_asked.yaml")
    words = _words(report)
    table = PageTable(report, "questions")
    listed = list(report.records("scrutiny"))
    labels = told_apart(str(row.question) for row in listed)
    for label, row in zip(labels, listed, strict=True):
        table.add(label, *_cells(report, row, every, words))
    asked = {str(row.answered_by) for row in listed}
    for key, answer in every.items():
        # Row headers differ: the log may ask in the very words of this list.
        if key not in asked and answer["asked"] not in labels:
            table.add(answer["asked"], *answered(report, answer, words))
    return table.show()


def _cells(
    report: Report, row: Any, every: Mapping[str, Any], words: Mapping[str, str]
) -> tuple[Html, Html, Html]:
    """Answer, status and place of a line of the log; without an answer of ours, the council's."""
    own = every.get(str(row.answered_by))
    if own is None:
        return _council_says(report, row)
    said, status, _ = answered(report, own, words)
    action = report.rows("actions", "action_id", str(row.action_id))
    if len(action):
        plan = next(records(action))
        how_far = standing(report, plan)
        said = join([said, " ", _next_date(report, plan)])
        if how_far != "complete" and ANSWERED in status:
            status = cards.rag(PARTLY)
    return said, status, _where(str(row.section))


def _next_date(report: Report, plan: Any) -> Html:
    """When a resolution is to be carried out, and who by."""
    due = plan.due_on.date()
    is_past = due < report.publication.file.data_as_at
    words = "Its date was" if is_past else "Next date:"
    return join([f"{words} {long_date(due)} ({plan.owner})."])


def _council_says(report: Report, row: Any) -> tuple[Html, Html, Html]:
    """The council's own answer, with its figure where that is known."""
    figure_id = row.figure_id
    if not isinstance(figure_id, str) or figure_id not in report:
        return escape(str(row.answer)), cards.rag(PARTLY), _where(str(row.section))
    status = ANSWERED if report[figure_id].is_told else NOT_YET
    said = join([tag("strong", report.say(figure_id)), ". ", str(row.answer)])
    return said, cards.rag(status), _where(str(row.section))


def answered(
    report: Report, answer: Mapping[str, Any], words: Mapping[str, str]
) -> tuple[Html, Html, Html]:
    """The sentence of one answer with what is still to collect, its status, its place."""
    known = {name: _filled(part, words) for name, part in answer.items()}
    status = _status(report, known, words)
    said = _sentence(report, known, words)
    if status != ANSWERED and "collect" in answer and answer["who"] != "nobody":
        by = long_date(_next_quarter_ends(report))
        missing = f" To collect: {answer['collect']} ({answer['who']}, by {by})."
        said = join([said, missing])
    return said, cards.rag(status), _where(answer["section"])


def _sentence(report: Report, answer: Mapping[str, Any], words: Mapping[str, str]) -> Html:
    """The sentence of an answer; where the council has no wards or rings, that there is none."""
    named = answer.get("figures", {}).values()
    if all(one in report for one in named):
        return say_as(report, answer, **words)
    return escape(NO_PLACES)


def _filled(part: Any, words: Mapping[str, str]) -> Any:
    """Ids of figures with their wards and rings put in."""
    if isinstance(part, list):
        return [one.format_map(words) for one in part]
    if isinstance(part, dict):
        return {name: one.format_map(words) for name, one in part.items()}
    return part


def _status(report: Report, answer: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Answered when all it needs is told and enough is known, partly when something is."""
    if answer["known"] == "{stories}":
        return ANSWERED if words["stories"] != NO_STORY else NOT_YET
    named = answer.get("figures", {})
    needs = [named.get(one, one) for one in answer.get("needs", [])]
    # A council without wards or rings has no figures of them.
    told = [one in report and report[one].is_told for one in needs]
    if needs and not any(told):
        return PARTLY if "hidden" in answer and _is_hidden(report, needs[0]) else NOT_YET
    share = answer.get("known_share")
    if share and not (share in report and report.is_enough(report[share])):
        return PARTLY
    if "whole" in answer and _is_part(report, *answer["whole"]):
        return PARTLY
    return ANSWERED if all(told) else PARTLY


def _is_hidden(report: Report, figure_id: str) -> bool:
    return figure_id in report and report[figure_id].kind == "hidden"


def _is_part(report: Report, done: str, whole: str) -> bool:
    have, wanted = report[done].value, report[whole].value
    return have is None or wanted is None or have < wanted


def _next_quarter_ends(report: Report) -> date:
    """The end of the first quarter of the social value year after the data day."""
    end = report.publication.sv_year.start
    while months_after(end, 3) <= report.publication.file.data_as_at:
        end = months_after(end, 3)
    return date.fromordinal(months_after(end, 3).toordinal() - 1)


def _words(report: Report) -> dict[str, str]:
    """Words that answers need beside those of every page: wards, rings, stories, a priority."""
    tiers = report.council.tiers
    around = tiers[1] if len(tiers) > 1 else None
    busiest = _most(report, "lens.spend.{}.place", report.wards["ward_code"])
    fallen = _most(report, "bridge.spend.{}.change", _most_deprived(report), towards=-1)
    causes = IN_WORDS if fallen != NOWHERE else ()
    cause = _most(report, f"bridge.spend.{fallen}.{{}}", causes, towards=-1)
    by_head = report.of_most_deprived("ward.{}.per_head.spend")
    deprived = "how wards compare for each resident is not known"
    if by_head:
        deprived = f"{by_head} by work done for each resident"
    definition, _, _ = report.council.definition.partition(". ")
    return {
        **report.words,
        "around": slug(around.id) if around else report.home_ring,
        "around_name": around.name if around else report.council.place,
        "busiest": busiest,
        "busiest_name": report.council.ward_name(busiest),
        "fallen": fallen,
        "fallen_name": report.council.ward_name(fallen),
        "cause": cause,
        "cause_in_words": IN_WORDS.get(cause, cause),
        "deprived": deprived,
        "base": base(report),
        "definition": definition.rstrip(".") + ".",
        "series": break_in_words(report),
        "stories": _stories(report),
        **_priority(report),
    }


def _most_deprived(report: Report) -> list[str]:
    wards = report.wards.sort_values("position", kind="stable")
    return list(wards["ward_code"].head(DEPRIVED))


def _most(report: Report, pattern: str, parts: Iterable[str], towards: int = 1) -> str:
    """The ward or cause whose figure is largest, with -1 least; "none" where there are none."""
    trail = report.calculation.trail
    known = {part: Fraction(trail[pattern.format(part)].value or 0) for part in parts}
    return max(known, key=lambda part: known[part] * towards, default=NOWHERE)


def _stories(report: Report) -> str:
    told = report.frame("stories")
    days = told["on"].dt.date
    mine = told[(days >= report.publication.sv.start) & told["title"].notna()]
    titles = [f"“{title}”" for title in mine.sort_values("on")["title"].tail(2)]
    if not titles:
        return NO_STORY
    return f"Each is told with the quantity behind it, among them {' and '.join(titles)}."


def _priority(report: Report) -> dict[str, str]:
    """The first priority of next year, else of this one, with its evidence."""
    listed = report.frame("priorities").sort_values("year", ascending=False, kind="stable")
    row = next(records(listed), None)
    if row is None:
        return {"priority": "none was supplied", "evidence": "not known"}
    if row.figure_id not in report:
        return {"priority": str(row.priority), "evidence": "no figure"}
    evidence = f"{report[row.figure_id].label}: "
    return {"priority": str(row.priority), "evidence": join([evidence, report.say(row.figure_id)])}


def _where(section: str) -> Html:
    """A link to the section of this report; front page and ward reports are named in words."""
    if section == "Headlines":
        return Html("First page")
    if section in NO_SECTION:
        return Html(section)
    return tag("span", link(section, f"#{anchor(section)}"), css_class="section")
