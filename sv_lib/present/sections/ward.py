"""The ward report: two pages that a councillor can read in four minutes and use at a surgery."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from sv_lib.figures.figure import Figure
from sv_lib.figures.trail import slug
from sv_lib.intake.input_files import locate
from sv_lib.periods import long_date, years_after
from sv_lib.present import cards, formats, maps, tables
from sv_lib.present.markup import Html, heading, join, paragraph, tag
from sv_lib.present.prose import say
from sv_lib.present.report import Report
from sv_lib.present.sections import change
from sv_lib.present.sections.front import opening
from sv_lib.present.sections.governance import LOG, ending_rows, one_story
from sv_lib.present.sections.money import LEDGER
from sv_lib.present.tables import TableColumn, TableRow, records

REGISTER = "Contracts register"
LENS_CARDS = (
    ("Paid to firms here", "spend", "supplier"),
    ("Work done here", "spend", "place"),
    ("Residents into work", "jobs", "beneficiary"),
)
HIRED = {"all": "all", "here": "here", "elsewhere": "elsewhere", "lost": "unknown"}
ENDING_SHOWN, PROJECTS_SHOWN, EVENTS_SHOWN, FIRMS_SHOWN = 2, 4, 4, 4


def ward_front(report: Report) -> Html:
    """Page one: the ward in one breath, who gained, why it changed, what ends soon."""
    return cards.front(
        _cover(report), _cards(report), _why(report), _ending(report), one_page=False
    )


def _cover(report: Report) -> Html:
    stem = f"ward.{report.ward}"
    councillors = next(
        ward.councillors for ward in report.council.wards if ward.code == report.ward
    )
    people = report[f"{stem}.residents"]
    living = f" · {formats.display(people)} residents" if people.is_known else ""
    facts = f"{report.publication.sv} · {councillors} councillors{living}"
    lens = {slot: f"lens.{family}.{report.ward}.{slot}" for _, family, slot in LENS_CARDS}
    residents = report[lens["beneficiary"]]
    template = (
        "ward.breath" if residents.is_known or residents.kind == "hidden" else "ward.breath_paid"
    )
    if residents.value == 0:
        template = "ward.breath_nobody"
    breath = say(
        report,
        template,
        supplier=lens["supplier"],
        works=lens["place"],
        residents=lens["beneficiary"],
    )
    everybody = report[f"{stem}.hired.all"]
    parts = {slot: f"{stem}.hired.{part}" for slot, part in HIRED.items()}
    template = "ward.hired_none" if everybody.value == 0 else "ward.hired"
    if everybody.kind == "hidden":
        template = "ward.hired_few_too" if residents.kind == "hidden" else "ward.hired_few"
    hired = say(report, template, **parts)
    sentences = [join([breath, hired, *change.largest(report, report.ward)], " ")]
    return opening(report, f"Ward report: {report.ward_name}", sentences, facts)


def _cards(report: Report) -> Html:
    """The three lenses side by side, never added; each with what it was, its rank, and how much of
    it
    is known.
    """
    made = []
    for label, family, lens in LENS_CARDS:
        stem = f"lens.{family}.{report.ward}.{lens}"
        before = join(["before ", report.say(f"{stem}.before"), "; ", _rank(report, family, lens)])
        known = say(
            report,
            f"ward.known_{lens}",
            share=f"coverage.{family}.{lens}",
            homes="people.home_known.this",
            residents="headline.residents_into_work.this",
        )
        made.append(cards.Card(label, report[stem], before, known))
    return cards.headline(made)


def _rank(report: Report, family: str, lens: str) -> Html | str:
    """The ward's place among all wards; for people, whose small counts are hidden, their weeks of
    training.
    """
    if family != "spend":
        return join([report.say(f"lens.weeks.{report.ward}.beneficiary"), " weeks of training"])
    every = {ward.code: f"lens.{family}.{ward.code}.{lens}" for ward in report.council.wards}
    rank = report.calculation.trail.rank(every[report.ward], sorted(every.values()))
    return f"{formats.ordinal(rank)} of {len(every)} wards" if rank else "rank not known"


def _why(report: Report) -> Html:
    """The bridges: the table of their parts, and the waterfall whose title says what happened."""
    top = heading(2, "Why did work done here change?", id="why")
    bridged = report[f"bridge.spend.{report.ward}.change"]
    if not bridged.is_known:
        return join([top, paragraph("It cannot be shown: ", bridged.caution, ".")])
    stem = f"bridge.spend.{report.ward}.continuing"
    is_told = any(report.calculation.trail[f"{stem}.{part}"].value for part in ("price", "volume"))
    parts = change.table(
        report, report.ward, (change.told_apart(report, report.ward),) if is_told else ()
    )
    return join(
        [top, cards.columns(parts, change.waterfall(report, report.ward, "half")), _largest(report)]
    )


def _largest(report: Report) -> Html:
    """How much hangs on one contract: a ward's amount falls when it ends."""
    wards = report.table("wards").set_index("ward_code")
    contract = wards["largest_contract"][report.ward]
    if not isinstance(contract, str):
        return paragraph("No payment in the period was for work done here.")
    title = report.rows("contract_titles", "contract_id", contract)["title"].iloc[0]
    return paragraph(
        say(
            report,
            "ward.largest",
            title=f"{title} ({contract})",
            share=f"ward.{report.ward}.largest_contract.share",
        )
    )


def _contracts_here(report: Report) -> list[str]:
    """The contracts with work in this ward."""
    return sorted(set(report.rows("contract_places", "place", report.ward)["contract_id"]))


def _ending(report: Report) -> Html:
    """Contracts with work in this ward that end within twelve months: the early warning."""
    stem = f"pipeline.{report.ward}.ending"
    mine = report.rows("ending", "contract_id", *_contracts_here(report))
    if mine.empty:
        return paragraph("No contract with work in this ward ends in the next twelve months.")
    noun = formats.plural(report[f"{stem}.count"], "contract", "contracts")
    caption = say(
        report, "ward.ending", noun=noun, count=f"{stem}.count", undelivered=f"{stem}.undelivered"
    )
    columns = (
        TableColumn("Contract"),
        TableColumn("Ends"),
        TableColumn("Followed by"),
        TableColumn("Value", style="short"),
        TableColumn("Still owed", style="short"),
    )
    return tables.show(
        "ending-here", caption, columns, ending_rows(report, mine, ENDING_SHOWN), source=REGISTER
    )


def deprivation_here(report: Report) -> Html:
    """Page two opens: the ward on the map, how deprived it is, what comes to each resident, firms
    based here.
    """
    stem = f"ward.{report.ward}"
    areas = say(
        report,
        "ward.deprivation",
        lsoas=f"{stem}.lsoas",
        lsoas_ten=f"{stem}.lsoas_10",
        lsoas_twenty=f"{stem}.lsoas_20",
        share=f"{stem}.share_20",
    )
    work = say(report, "ward.per_head", spend=f"{stem}.per_head.spend")
    social = say(
        report,
        "ward.social_per_head",
        social=f"{stem}.per_head.social_value",
        committed=f"{stem}.per_head.committed",
    )
    each = paragraph(join([work, " ", social]))
    return cards.columns(_map(report), join([paragraph(areas), each]), _firms(report))


def _map(report: Report) -> Html:
    """How deprived each ward is, this one marked; real outlines where the council gives them."""
    council = report.council
    tiles = [
        maps.Tile(ward.code, ward.name, report[f"ward.{ward.code}.share_20"])
        for ward in council.wards
    ]
    shapes = (
        locate(report.publication, council.boundaries)
        if council.boundaries
        else maps.squares(council)
    )
    return maps.outline_map(
        "ward-map",
        tiles,
        shapes,
        size="third",
        highlight=report.ward,
        style="whole",
        title="Deprivation by ward",
        subtitle="% of residents in England's most deprived fifth",
        source="IMD.",
        table_id="wards",
        page=f"../{report.publication.file.kind}.html",
        alt=f"Map of the wards of {council.place} shaded by deprivation, "
        f"{report.ward_name} outlined.",
    )


def _firms(report: Report) -> Html:
    """The firms based here that were paid most."""
    firms = report.rows("firms", "ward_code", report.ward)
    mine = firms[firms["in_ward"]].head(FIRMS_SHOWN)
    rows = [
        (row.supplier, report[f"supplier.{slug(row.supplier_id)}.paid"]) for row in records(mine)
    ]
    if not rows:
        return paragraph("No firm based here was paid in the period, or none that may be named.")
    columns = (TableColumn("Firm"), TableColumn("Paid", style="short"))
    return tables.show("firms-here", "Firms here paid most", columns, rows, source=LEDGER)


def projects_here(report: Report) -> Html:
    """The latest local projects with work in this ward: promised, reported so far, and how they
    stand.
    """
    projects = report.rows("projects", "contract_id", *_contracts_here(report))
    mine = projects[projects["is_shown"]]
    mine = mine.head(PROJECTS_SHOWN if _told(report).empty else PROJECTS_SHOWN - 1)
    if mine.empty:
        return paragraph("No local project in the register names this ward.")
    rows: list[TableRow] = [
        (
            f"{row.title} ({row.contract_id}), "
            f"{row.supplier if isinstance(row.supplier, str) else 'supplier not named'}",
            *(
                _or_none(report, f"contract.{slug(row.contract_id)}.{part}")
                for part in ("promised", "reported")
            ),
            row.project_status if isinstance(row.project_status, str) else "not recorded",
        )
        for row in records(mine)
    ]
    columns = (
        TableColumn("Project and supplier"),
        TableColumn("Promised", style="short"),
        TableColumn("Reported", style="short"),
        TableColumn("How it stands"),
    )
    caption = "The latest projects with work here; social value of the whole contract"
    return tables.show(
        "projects", caption, columns, rows, source="Contracts register and quarterly returns"
    )


def _or_none(report: Report, figure_id: str) -> Figure | str:
    """A figure, or "none" where the contract promises nothing."""
    return report[figure_id] if report[figure_id.rpartition(".")[0] + ".promised"].value else "none"


def story_and_events(report: Report) -> Html:
    """The latest story of this ward and the events to pass on."""
    mine = _told(report)
    if mine.empty:
        none = (
            "No story with consent has come from this ward yet; suppliers are asked for "
            "one with each return."
        )
        return _events(report, EVENTS_SHOWN) + cards.note(none)
    return one_story(report, next(records(mine))) + _events(report, EVENTS_SHOWN - 2)


def _told(report: Report) -> pd.DataFrame:
    """The stories of this ward, the latest first."""
    told = report.rows("stories", "ward_code", report.ward)
    return told.sort_values("on", ascending=False, kind="stable")


def _events(report: Report, number: int) -> Html:
    """Events to pass on: this ward's first, then the borough's, with who to ask."""
    events, day = (
        report.rows("events", "ward_code", report.ward, None),
        report.publication.file.data_as_at,
    )
    soon = events["on"].dt.date.between(day + timedelta(days=1), years_after(day, 1))
    coming = events[soon]
    coming = coming.assign(is_here=coming["ward_code"].eq(report.ward).fillna(False).astype("bool"))
    coming = coming.sort_values(["is_here", "on"], ascending=[False, True], kind="stable").head(
        number
    )
    if coming.empty:
        return paragraph("No event to come is in the log. ", _parishes(report))
    rows = [
        (
            f"{long_date(row.on.date())}: {row.title}{' (in this ward)' if row.is_here else ''}",
            row.contact,
        )
        for row in records(coming)
    ]
    columns = (TableColumn("Event"), TableColumn("Who to ask"))
    return tables.show(
        "events-here",
        "Events to come here and in the borough",
        columns,
        rows,
        source=LOG,
        notes=(_parishes(report),),
    )


def _parishes(report: Report) -> str:
    """Which parish councils lie here, and when each was last told of opportunities."""
    if "parishes" not in report.publication.inputs:
        return "Which parish councils lie here is not known: no list of parishes was supplied."
    here = records(report.rows("parishes", "ward_code", report.ward))
    told = [
        (row.parish, long_date(row.told_on.date()) if pd.notna(row.told_on) else "") for row in here
    ]
    named = [
        f"{parish} ({f'told on {day}' if day else 'not told in the period'})"
        for parish, day in told
    ]
    return f"Parish councils here: {', '.join(named) or 'none'}."


def ward_foot(report: Report) -> Html:
    """Who to ask, what is hidden and why, and where each number comes from."""
    below = report.council.disclosure.people_below
    note = f" Counts of people below {below} are hidden: [c]. Sole traders are not named."
    if "methods" in report.publication.file.reports:
        note += " How each number is made: the methods report, under 'All figures'."
    return cards.note(join([tag("strong", "Who to ask: "), report.council.contact, ".", note]))
