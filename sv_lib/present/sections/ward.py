"""The ward report: two pages that a councillor can read in four minutes and use at a surgery."""

from __future__ import annotations

from sv_lib.figures.ledger import slug
from sv_lib.periods import long_date
from sv_lib.present import cards, charts, formats, tables
from sv_lib.present.columns import date_cell, records, thousands
from sv_lib.present.html import Html, heading, join, paragraph, tag
from sv_lib.present.prose import say
from sv_lib.present.report import Report
from sv_lib.present.sections.governance import LOG, NO_SUCCESSOR, one_story
from sv_lib.present.sections.money import LEDGER, UNNAMED
from sv_lib.present.tables import Column, DataTable

REGISTER = "Contracts register"
LENS_CARDS = (
    ("Paid to firms here", "spend", "supplier"),
    ("Work done here", "spend", "place"),
    ("Residents into work", "jobs", "beneficiary"),
)
CAUSES = (
    ("New contracts", "new"),
    ("Ended contracts", "ended"),
    ("Continuing", "continuing"),
    ("Moved", "moved"),
    ("Newly known or lost", "coverage"),
)


def ward_front(report: Report) -> Html:
    """Page one: the ward in one breath, three lenses, why it changed, what ends soon."""
    return cards.front(_cover(report), _cards(report), _coverage(report), _why(report), _ending(report), one_page=False)


def _cover(report: Report) -> Html:
    file = report.publication.file
    kind = "annual" if report.is_annual else "mid-year"
    councillors = next(ward.councillors for ward in report.council.wards if ward.code == report.ward)
    facts = f"{report.publication.sv}, {kind} · {councillors} councillors"
    breath = say(
        report,
        "ward.breath",
        supplier=f"lens.spend.{report.ward}.supplier",
        works=f"lens.spend.{report.ward}.place",
        jobs=f"lens.jobs.{report.ward}.beneficiary",
    )
    return cards.cover(
        report.council.name,
        f"Ward report: {report.ward_name}",
        facts,
        file.data_as_at,
        file.status,
        cards.STATUS[file.status],
        [breath],
    )


def _cards(report: Report) -> Html:
    made = []
    for label, family, lens in LENS_CARDS:
        stem = f"lens.{family}.{report.ward}.{lens}"
        rank = _rank(report, family, lens)
        before = join(["before: ", report.say(f"{stem}.before")])
        made.append(cards.Card(label, report[stem], before, rank))
    return cards.headline(made)


def _rank(report: Report, family: str, lens: str) -> str:
    """The ward's place among all wards; no rank for people, where small counts are hidden."""
    if family != "spend":
        return "people whose home is here"
    all_wards = {ward.code: f"lens.{family}.{ward.code}.{lens}" for ward in report.council.wards}
    rank = report.calculation.ledger.rank(all_wards[report.ward], sorted(all_wards.values()))
    return f"{formats.ordinal(rank)} of {len(all_wards)} wards" if rank else "rank not known"


def _coverage(report: Report) -> Html:
    """What is known of home areas across the borough, and how deprived the ward is."""
    people = say(report, "ward.coverage", homes="people.home_known.this", residents="headline.residents_into_work.this")
    stem = f"ward.{report.ward}"
    areas = say(
        report, "ward.deprivation", lsoas=f"{stem}.lsoas", lsoas_ten=f"{stem}.lsoas_10", lsoas_twenty=f"{stem}.lsoas_20"
    )
    return cards.coverage(join([people, " ", tag("strong", "Deprivation: "), areas]))


def _why(report: Report) -> Html:
    """The bridge as sentence and waterfall, and the largest contract that ended."""
    stem = f"bridge.spend.{report.ward}"
    change, before = report[f"{stem}.change"], report[f"lens.spend.{report.ward}.place.before"]
    slots = {cause: f"{stem}.{cause}" for _, cause in CAUSES}
    direction = (
        formats.direction(change, before, report.council.thresholds.about_the_same_pct) if change.is_known else ""
    )
    words = {"rose by": "rose", "fell by": "fell"}.get(direction, "stayed about the same")
    said = [paragraph(say(report, "ward.change", direction=words, change=f"{stem}.change", **slots))]
    ended = _largest_ended(report)
    said += [paragraph(ended)] if ended else []
    said.append(_firms(report))
    shown = cards.columns(join(said), _waterfall(report, stem)) if change.is_known else join(said)
    return join([heading(2, "Why work done here changed", id="why"), shown])


def _largest_ended(report: Report) -> Html | None:
    """Names the ended contract behind the largest fall: the Board's question made checkable."""
    table = report.rows("bridge", "place", report.ward)
    mine = table[(table["family"] == "spend") & (table["cause"] == "ended")]
    if mine.empty:
        return None
    row = mine.sort_values("change_pence", kind="stable").iloc[0]
    fall = formats.Amount(-int(row["change_pence"]), "pence")
    title = report.rows("contract_titles", "contract_id", str(row["contract_id"]))["title"].iloc[0]
    how = {"ran to plan": "it ran to plan", "stopped early": "it stopped early", "re-let": "it was let again"}[
        str(row["ended_how"])
    ]
    return say(report, "ward.ended", title=f"{row['contract_id']} {title}", how=how, amount=formats.display(fall))


def _waterfall(report: Report, stem: str) -> Html:
    ward = report.ward
    rows: list[tuple[tables.Cell, ...]] = [("Period before", report[f"lens.spend.{ward}.place.before"])]
    rows += [(label, report[f"{stem}.{cause}"]) for label, cause in CAUSES if report[f"{stem}.{cause}"].value != 0]
    rows.append(("This period", report[f"lens.spend.{ward}.place"]))
    table = DataTable("bridge", f"Why work done in {report.ward_name} changed", (Column("Part"), thousands("Amount")),
                      tuple(rows), source="Payments and contracts register", has_total=True)  # fmt: skip
    words = say(
        report,
        "ward.change",
        direction="changed",
        change=f"{stem}.change",
        **{cause: f"{stem}.{cause}" for _, cause in CAUSES},
    )
    return charts.chart(
        "waterfall",
        table,
        size="half",
        title=join(["Change in work done: ", report.say(f"{stem}.change", signed=True)]),
        subtitle=f"Payments under contracts; {report.publication.spend} against {report.spend_before}; £ thousand",
        alt=join(["Waterfall chart. ", words]),
    )


def _ending(report: Report) -> Html:
    """Contracts with work in this ward that end within twelve months."""
    mine = report.rows("ending", "contract_id", *_contracts_here(report)).head(2)
    if mine.empty:
        return paragraph("No contract with work in this ward ends within twelve months.")
    rows = tuple(
        (f"{row.contract_id}: {row.title}", date_cell(row.last_on.date()), row.successor_title or NO_SUCCESSOR,
         report[f"contract.{slug(row.contract_id)}.value"], report[f"contract.{slug(row.contract_id)}.undelivered"])
        for row in records(mine)
    )  # fmt: skip
    columns = (
        Column("Contract"),
        Column("Ends"),
        Column("Followed by"),
        thousands("Value"),
        thousands("Not delivered"),
    )
    return tables.show("ending-here", "Contracts here that end within twelve months", columns, rows, source=REGISTER)


def _contracts_here(report: Report) -> list[str]:
    """The contracts with work in this ward."""
    return sorted(set(report.rows("contract_places", "place", report.ward)["contract_id"]))


def projects_here(report: Report) -> Html:
    """Local projects with work in this ward, who does them, and how they stand."""
    projects = report.rows("projects", "contract_id", *_contracts_here(report))
    mine = projects.sort_values("starts_on", ascending=False, kind="stable").head(3)
    if mine.empty:
        return paragraph("No local project in the register names this ward.")
    rows = tuple(
        (f"{row.contract_id}: {row.title}", row.supplier if isinstance(row.supplier, str) else "not named",
         row.project_status if isinstance(row.project_status, str) else "not recorded")
        for row in records(mine)
    )  # fmt: skip
    columns = (Column("Project"), Column("Supplier"), Column("How it stands"))
    return tables.show(
        "projects", "The latest projects, who does them and how they stand", columns, rows, source=REGISTER
    )


def _firms(report: Report) -> Html:
    """The firms based here that were paid most."""
    firms = report.rows("firms", "ward_code", report.ward)
    mine = firms[firms["in_ward"]]
    rows = tuple((row.supplier, report[f"supplier.{slug(row.supplier_id)}.paid"]) for row in records(mine))
    if not rows:
        return paragraph("No firm based here was paid in the period, or none that may be named.")
    columns = (Column("Firm"), thousands("Paid"))
    caption = "Firms based here that were paid most"
    return tables.show("firms-here", caption, columns, rows, source=LEDGER)


def story_here(report: Report) -> Html:
    """The latest story of this ward, or words where there is none."""
    told = report.rows("stories", "ward_code", report.ward)
    mine = told.sort_values("on", ascending=False, kind="stable")
    if mine.empty:
        return paragraph(
            "No story with consent has come from this ward yet. Suppliers are asked for one with each return."
        )
    return one_story(report, next(records(mine)))


def events_here(report: Report) -> Html:
    """Events to pass on: this ward's and the borough's, with who to ask."""
    events, day = report.rows("events", "ward_code", report.ward, None), report.publication.file.data_as_at
    coming = events[events["on"].dt.date > day].sort_values("on", kind="stable").head(3)
    if coming.empty:
        return paragraph("No event to come is in the log.")
    rows = tuple((f"{long_date(row.on.date())}: {row.title}", row.partner, row.contact) for row in records(coming))
    columns = (Column("Event"), Column("With"), Column("Who to ask"))
    return tables.show("events-here", "Events of this ward and of the whole borough", columns, rows, source=LOG)


def ward_foot(report: Report) -> Html:
    """Who to ask, and what is hidden and why."""
    return join(
        [
            paragraph(tag("strong", "Who to ask: "), report.council.contact, "."),
            cards.note(
                f"Counts of people below {report.council.disclosure.people_below} are hidden, shown as [c]. {UNNAMED} "
                "The data is in the run's data folder; figures.csv lists every figure with its formula."
            ),
        ]
    )
