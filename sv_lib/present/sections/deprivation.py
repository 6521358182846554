"""Whether what was delivered reached the most deprived areas, in words, fifths, a curve and amounts
per resident.
"""

from __future__ import annotations

from sv_lib.present import cards, charts, tables
from sv_lib.present.markup import Html, join, paragraph
from sv_lib.present.prose import say
from sv_lib.present.report import Report
from sv_lib.present.tables import DataTable, TableColumn, TableRow, number, percent

FIFTHS = ("1", "2", "3", "4", "5")
WORDS = (
    "most deprived fifth",
    "second fifth",
    "third fifth",
    "fourth fifth",
    "least deprived fifth",
)
SOURCE = "Suppliers' quarterly returns (home areas); English indices of deprivation"


def deprivation(report: Report) -> Html:
    """Reach with its interval and bounds, every fifth of areas, the concentration curve, and
    amounts
    per resident.
    """
    stem = "reach.jobs.10"
    reach = say(
        report,
        "deprivation.reach",
        share=f"{stem}.share",
        population="population.share_10",
        ratio=stem,
        low=f"{stem}.low",
        high=f"{stem}.high",
    )
    bounds = say(report, "deprivation.bounds", least=f"{stem}.if_none", most=f"{stem}.if_all")
    lead = paragraph(reach, " ", _verdict(report, stem), " ", bounds)
    lead = cards.columns(lead, _curve(report)) if report["concentration.2.jobs"].is_known else lead
    parts = [lead, _ratios(report), _fifths(report)]
    parts += [_per_head(report)] if report.council.wards else []
    return join(parts)


def _verdict(report: Report, stem: str) -> str:
    """What the interval says of parity, in words: association, never cause."""
    low, high = report[f"{stem}.low"].value, report[f"{stem}.high"].value
    if low is None or high is None:
        return ""
    if low > 1:
        return "Residents of these areas had more than their share of jobs."
    return (
        "They had less than their share."
        if high < 1
        else "The interval holds one, so there are too few to tell."
    )


def _ratios(report: Report) -> Html:
    """Reach of jobs and of weeks, by both cuts, with every bound; weeks are not people, so chance
    gives them none.
    """
    columns = (
        TableColumn("Reach ratio"),
        number("Ratio"),
        number("Low, by chance"),
        number("High, by chance"),
        number("No unknown home there"),
        number("Every unknown home there"),
    )
    rows: list[TableRow] = [
        (
            f"{what}, most deprived {cut}%",
            *(
                report[f"reach.{name}.{cut}{part}"]
                for part in ("", ".low", ".high", ".if_none", ".if_all")
            ),
        )
        for name, what in (("jobs", "People into work"), ("weeks", "Weeks of training"))
        for cut in ("10", "20")
    ]
    note = (
        "1 is parity: a share of jobs equal to the share of residents. Chance: exact "
        "binomial, 95%, people alone."
    )
    return tables.show(
        "reach-ratios",
        "How far it reached the most deprived areas",
        columns,
        rows,
        source=SOURCE,
        notes=(note,),
    )


def _fifths(report: Report) -> Html:
    columns = (
        TableColumn("Areas of England's"),
        percent("Share of residents"),
        number("Residents", "people"),
        number("Into work", "people"),
        number("Training", "weeks"),
    )
    rows: list[TableRow] = [
        (
            word,
            *(report[f"population.fifth.{n}{part}"] for part in (".share", "")),
            *(report[f"fifth.{n}.{name}"] for name in ("jobs", "weeks")),
        )
        for n, word in zip(FIFTHS, WORDS, strict=True)
    ]
    rows += [
        (word, "[z]", "[z]", *(report[f"fifth.{part}.{name}"] for name in ("jobs", "weeks")))
        for part, word in (("outside", "home outside the borough"), ("unknown", "home not known"))
    ]
    return tables.show(
        "fifths", "People and training by the deprivation of the home", columns, rows, source=SOURCE
    )


def _curve(report: Report) -> Html:
    """Shares added up from the most deprived fifth: above the residents' line is more than their
    share.
    """
    rows = tuple(
        (f"{n} of 5", report[f"population.up_to.{n}.share"], report[f"concentration.{n}.jobs"])
        for n in FIFTHS
    )
    table = DataTable(
        "concentration",
        "Shares of residents and of jobs, added up from the most deprived fifth",
        (TableColumn("Fifths"), percent("residents"), percent("jobs")),
        rows,
        source=SOURCE,
    )
    slots = {"people": "population.up_to.2.share", "jobs": "concentration.2.jobs"}
    return charts.chart(
        "lines",
        table,
        title=say(report, "deprivation.curve_title", **slots),
        subtitle=f"Shares added up from the most deprived fifth of areas; "
        f"{report.publication.sv}; %",
        alt=say(report, "deprivation.curve_alt", **slots),
        size="half",
    )


def _per_head(report: Report) -> Html:
    """Money has a ward, not a home area: the wards in five groups by deprivation."""
    families = ("spend", "social_value", "committed")
    columns = (
        TableColumn("Wards"),
        number("Residents", "people"),
        TableColumn("Work done there", "£ per resident", "short"),
        TableColumn("Social value delivered", "£ per resident", "short"),
        TableColumn("Promised to date", "£ per resident", "short"),
    )
    groups = [n for n in FIFTHS if f"ward_fifth.{n}.residents" in report]
    rows: list[TableRow] = [
        (
            f"{word} of wards",
            report[f"ward_fifth.{n}.residents"],
            *(report[f"ward_fifth.{n}.{family}.per_head"] for family in families),
        )
        for n, word in zip(groups, WORDS, strict=False)
    ]
    return tables.show(
        "per-head",
        "For each resident, by the deprivation of the ward",
        columns,
        rows,
        source="Payments, contracts register, returns, English indices of deprivation",
    )
