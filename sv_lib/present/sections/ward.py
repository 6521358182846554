"""The ward report: two pages that a councillor can read in four minutes and use at a surgery."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from sv_lib.figures.figure import NO_PROMISE
from sv_lib.figures.trail import slug
from sv_lib.intake.input_files import locate
from sv_lib.periods import long_date
from sv_lib.present import cards, formats, maps
from sv_lib.present.maps import MapWords, Tile
from sv_lib.present.markup import Html, heading, join, paragraph, tag
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import say, sentence, why
from sv_lib.present.report import Report
from sv_lib.present.sections import change
from sv_lib.present.sections.front import opening
from sv_lib.present.sections.governance import add_ending, one_story
from sv_lib.present.tables import records, told_apart

LENS_CARDS = (
    ("Paid to firms here", "spend", "supplier"),
    ("Work done here", "spend", "place"),
    ("Residents into work", "jobs", "beneficiary"),
)
ENDING_SHOWN = 2
PROJECTS_SHOWN = 3
EVENTS_SHOWN = 2
FIRMS_SHOWN = 4


def ward_front(report: Report) -> Html:
    """Page one: the ward in one breath, who gained, why it changed, what ends soon."""
    cover = _cover(report)
    lenses = _cards(report)
    bridged = _why(report)
    return cards.front(cover, lenses, bridged, _ending(report), one_page=False)


def _cover(report: Report) -> Html:
    sentences = [*_breath(report), *_hired(report), *change.largest(report, report.ward)]
    lead = join(sentences, " ")
    title = f"Ward report: {report.ward_name}"
    return opening(report, title, [lead], _facts(report))


def _facts(report: Report) -> str:
    """The line under the title: period, councillors, residents where they are known."""
    councillors = {ward.code: ward.councillors for ward in report.council.wards}
    facts = f"{report.publication.sv} · {councillors[report.ward]} councillors"
    residents = report[f"ward.{report.ward}.residents"]
    if not residents.is_known:
        return facts
    return f"{facts} · {formats.display(residents)} residents"


def _breath(report: Report) -> list[Html]:
    """What reached the ward, in one sentence of three lenses, and residents of both periods."""
    residents = report[f"lens.jobs.{report.ward}.beneficiary"]
    template = "ward.breath_paid"
    if residents.value == 0:
        template = "ward.breath_nobody"
    elif residents.is_known or residents.kind == "hidden":
        template = "ward.breath"
    noun = formats.plural(residents, "resident is", "residents are")
    said = [say(report, template, noun=noun)]
    if _tells_more(report):
        said.append(say(report, "ward.both"))
    return said


def _tells_more(report: Report) -> bool:
    """Whether both periods together say more of the residents than this period, which is hidden."""
    trail = report.calculation.trail
    this = trail[f"lens.jobs.{report.ward}.beneficiary"]
    both = trail[f"lens.jobs.{report.ward}.beneficiary.both"]
    if this.kind != "hidden":
        return False
    return bool(both.value) or (both.is_told and not this.is_told)


def _hired(report: Report) -> list[Html]:
    """Who was hired for the work that was done here, and whether they live here."""
    all_hired, here, elsewhere, lost = report.each(
        f"ward.{report.ward}.hired", ("all", "here", "elsewhere", "unknown")
    )
    residents = report[f"lens.jobs.{report.ward}.beneficiary"]
    if all_hired.value == 0:
        return [say(report, "ward.hired_none")]
    # The sentence before this one has then said why a number of people is not given.
    is_repeated = residents.kind == "hidden" and not residents.is_told
    if is_repeated and all_hired.kind == "hidden" and not all_hired.is_told:
        return [say(report, "ward.hired_few_too")]
    parts = [say(report, "ward.hired")]
    if here.value == 0 and residents.value != 0:
        parts.append(say(report, "ward.hired_nobody_here"))
    elif here.value != 0 and here.is_told:
        parts.append(say(report, "ward.hired_here"))
    is_told = elsewhere.is_told and lost.is_told
    if is_told and (elsewhere.value or lost.value):
        parts.append(say(report, "ward.hired_elsewhere"))
    return [join(parts, "; ") + "."]


def _cards(report: Report) -> Html:
    """The three lenses side by side, never added: amount, before, rank, how much is known."""
    made = []
    for label, family, lens in LENS_CARDS:
        stem = f"lens.{family}.{report.ward}.{lens}"
        told_before = report.spend_before if family == "spend" else report.before
        said = say(report, "card.before", before_figure=f"{stem}.before", told_before=told_before)
        besides = [_rank(report, lens)] if family == "spend" else _of_people(report)
        known = say(report, f"ward.known_{lens}")
        made.append(cards.Card(label, report[stem], join([said, *besides], "; "), known))
    return cards.headline(made)


def _of_people(report: Report) -> list[Html]:
    """What the card of people has in place of a rank, since small counts are hidden.

    Residents of both periods where they say more, and weeks of training that are not hidden.
    """
    said = [say(report, "card.both")] if _tells_more(report) else []
    if report[f"lens.weeks.{report.ward}.beneficiary"].kind != "hidden":
        said.append(say(report, "card.weeks"))
    return said


def _rank(report: Report, lens: str) -> Html:
    """The ward's place among all wards by payments."""
    place = report.standing(f"lens.spend.{{}}.{lens}", report.ward)
    coverage = report.calculation.trail[f"coverage.spend.{lens}"]
    if not place or not report.is_enough(coverage):
        return Html("rank not known")
    return Html(f"{place} wards")


def _why(report: Report) -> Html:
    """The bridges: the table of their parts, and the waterfall whose title says what happened."""
    top = heading(2, "Why did work done here change?", id="why")
    bridged = report[f"bridge.spend.{report.ward}.change"]
    if not bridged.is_known:
        return top + paragraph("It cannot be shown: ", why(bridged), ".")
    told_apart = Html()
    if _has_prices(report):
        told_apart = change.told_apart(report, report.ward)
    parts = change.table(report, report.ward, "bridge-parts-here", told_apart)
    chart = change.waterfall(report, report.ward, "half")
    return join([top, cards.columns(parts, chart), _largest(report)])


def _has_prices(report: Report) -> bool:
    """Whether prices and quantities of a continuing contract here are told apart."""
    trail = report.calculation.trail
    stem = f"bridge.spend.{report.ward}.continuing"
    return any(trail[f"{stem}.{part}"].value for part in ("price", "volume"))


def _largest(report: Report) -> Html:
    """How much hangs on one contract: a ward's amount falls when it ends."""
    wards = report.frame("wards").set_index("ward_code")
    contract = wards["largest_contract"][report.ward]
    paid = report[f"ward.{report.ward}.largest_contract.paid"]
    if not paid.is_known:
        return sentence(report, "ward.largest", title="")
    if not isinstance(contract, str):
        return paragraph("No payment in the period was for work done here.")
    titles = report.rows("contract_titles", "contract_id", contract)["title"]
    title = f"{titles.iloc[0]} ({contract})"
    return sentence(report, "ward.largest", title=title)


def _contracts_here(report: Report) -> list[str]:
    """The contracts with work in this ward."""
    places = report.rows("contract_places", "place", report.ward)
    return sorted(set(places["contract_id"]))


def _ending(report: Report) -> Html:
    """Contracts with work in this ward that end within twelve months: the early warning."""
    mine = report.rows("ending", "contract_id", *_contracts_here(report))
    count = report[f"pipeline.{report.ward}.ending.count"]
    if not count.is_known:
        return paragraph(say(report, "ward.ending", noun=""))
    if mine.empty:
        return paragraph("No contract with work in this ward ends in the next twelve months.")
    noun = formats.plural(count, "contract", "contracts")
    caption = say(report, "ward.ending", noun=noun)
    owed = report[f"pipeline.{report.ward}.ending.undelivered"]
    if owed.caution == NO_PROMISE:
        caption = say(report, "ward.ending_no_promise", noun=noun)
    elif owed.kind == "unknown":
        caption = say(report, "ward.ending_alone", noun=noun, why=owed.caution)
    table = PageTable(report, "ending-here", caption=caption)
    add_ending(table, mine, ENDING_SHOWN)
    return table.show()


def deprivation_here(report: Report) -> Html:
    """Page two opens: the ward on the map, how deprived it is, what comes to each resident."""
    areas = paragraph(say(report, "ward.deprivation"), _place_by_deprivation(report))
    place = report.standing("ward.{}.per_head.spend", report.ward)
    rank = f", {place} wards" if place else ""
    work = say(report, "ward.per_head", rank=rank)
    each = paragraph(work, " ", say(report, "ward.social_per_head"))
    # Beside the map, where there is room for it: the ward report stays at two pages.
    blocks = (_map(report), areas + each, _firms(report))
    return cards.columns(*filter(None, blocks))


def _place_by_deprivation(report: Report) -> str:
    """The ward's place in the order of wards; nothing while how deprived one is is not known."""
    wards = report.frame("wards")
    if not report.most_deprived:
        return ""
    rank = wards.set_index("ward_code")["rank"][report.ward]
    return f" The ward is number {rank} of {len(wards)} by the share in that tenth."


def _map(report: Report) -> Html:
    """How deprived each ward is, this one marked; real outlines where the council gives them."""
    council = report.council
    wards = council.wards
    tiles = [Tile(ward.code, ward.name, report[f"ward.{ward.code}.share_20"]) for ward in wards]
    if not any(tile.number.is_known for tile in tiles):
        return Html()
    if council.boundaries:
        shapes = maps.outlines(locate(report.publication, council.boundaries))
    else:
        shapes = maps.squares(council)
    words = MapWords(
        title="Deprivation by ward",
        subtitle="% of residents in England's most deprived fifth",
        source="IMD.",
        table=f"../{report.publication.file.kind}.html#wards",
    )
    return maps.outline_map(
        "ward-map",
        tiles,
        shapes,
        words,
        alt=say(report, "ward.map_alt", ward_name=report.ward_name),
        style="whole",
        highlight=report.ward,
        size="third",
    )


def _firms(report: Report) -> Html:
    """The firms based here that were paid most."""
    paid = report[f"lens.spend.{report.ward}.supplier"]
    if not paid.is_known:
        return paragraph("Which firms here were paid most is not known: ", why(paid), ".")
    firms = report.rows("firms", "ward_code", report.ward)
    mine = firms[firms["in_ward"]].head(FIRMS_SHOWN)
    return show_table(report, "firms-here", mine)


def projects_here(report: Report) -> Html:
    """The latest local projects with work in this ward: promised, claimed, how they stand."""
    registered = report[f"pipeline.{report.ward}.ending.count"]
    if not registered.is_known:
        return paragraph("Which projects have work here is not known: ", registered.caution, ".")
    projects = report.rows("projects", "contract_id", *_contracts_here(report))
    most = PROJECTS_SHOWN
    # A story takes the room of one project, so that the ward report stays at two pages.
    if not _stories_here(report).empty:
        most -= 1
    mine = projects[projects["is_shown"]].head(most)
    table = PageTable(report, "projects")
    blanks = {"supplier": "supplier not named", "project_status": "not recorded"}
    for row in records(mine.fillna(blanks)):
        label = f"{row.title} ({row.contract_id}), {row.supplier}"
        here = _share_here(report, row.contract_id)
        if here.value != 100:
            label += f"; {formats.display(here)} of its work is here"
        stem = f"contract.{slug(row.contract_id)}"
        whole = report.each(stem, ("promised", "reported"))
        table.add(label, *whole, row.project_status)
    return table.show()


def _share_here(report: Report, contract: str) -> formats.Amount:
    """How much of a contract's work is done in this ward."""
    places = report.rows("contract_places", "contract_id", contract)
    shares = places.loc[places["place"] == report.ward, "share"]
    return formats.Amount(100 * sum(shares, Decimal(0)), "percent")


def story_and_events(report: Report) -> Html:
    """The latest story of this ward and the events to pass on."""
    mine = _stories_here(report)
    if mine.empty:
        none = (
            "No story with consent has come from this ward yet; suppliers are asked for "
            "one with each return."
        )
        return _events(report, EVENTS_SHOWN) + cards.note(none)
    latest = next(records(mine))
    return one_story(report, latest) + _events(report, EVENTS_SHOWN)


def _stories_here(report: Report) -> pd.DataFrame:
    """The stories of this ward, the latest first."""
    stories = report.rows("stories", "ward_code", report.ward)
    return stories.sort_values("on", ascending=False, kind="stable")


def _events(report: Report, most: int) -> Html:
    """Events of the next six months to pass on: this ward's first, then the borough's."""
    events = report.rows("events", "ward_code", report.ward, None)
    day = report.publication.file.data_as_at
    coming = events[events["on"].dt.date > day]
    # A blank ward is the whole borough: comparing it gives NA, which means "not here".
    is_here = coming["ward_code"].eq(report.ward).fillna(False).astype("bool")
    coming = coming.assign(is_here=is_here)
    coming = coming.sort_values(["is_here", "on"], ascending=[False, True], kind="stable")
    table = PageTable(report, "events-here", parishes=_parishes(report))
    shown = list(records(coming.head(most).sort_values("on", kind="stable")))
    labels = told_apart(
        f"{long_date(row.on.date())}: {row.title}" + (" (in this ward)" if row.is_here else "")
        for row in shown
    )
    for label, row in zip(labels, shown, strict=True):
        table.add(label, row.contact)
    return table.show()


def _parishes(report: Report) -> str:
    """Which parish councils lie here, and when each was last told of opportunities."""
    if "parishes" not in report.publication.inputs:
        return "Which parish councils lie here is not known: no list of parishes was supplied."
    named = []
    for row in records(report.rows("parishes", "ward_code", report.ward)):
        told = "not told in the period"
        if pd.notna(row.told_on):
            told = f"told on {long_date(row.told_on.date())}"
        named.append(f"{row.parish} ({told})")
    listed = ", ".join(named) or "none"
    return f"Parish councils here: {listed}."


def ward_foot(report: Report) -> Html:
    """Who to ask, what is not told and why, and where each number comes from."""
    below = report.council.disclosure.people_below
    note = f". Counts of people below {below} are told as a range or [c]; 0 is none."
    note += " Sole traders are not named."
    if "methods" in report.publication.file.reports:
        note += " How each number is made: the methods report, under 'All figures'."
    ask = tag("strong", "Who to ask: ")
    return cards.note(ask + report.council.contact + note)
