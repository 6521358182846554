"""The sheets of a run's workbook: the tables as printed first, then the ledgers behind them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import pandas as pd

from sv_lib.figures.figure import Figure
from sv_lib.figures.trail import Trail
from sv_lib.params import Publication
from sv_lib.present.formats import HIDDEN, ROUNDED, display
from sv_lib.publish.files.data_tables import OF_ROWS, CellValue
from sv_lib.publish.files.printed_tables import PrintedCell, PrintedTable
from sv_lib.publish.files.workbook import LAYOUT, LONGEST_NAME, TableSheet, sheet, shown

LEDGERS = ("claims", "bridge", "commitments")
"""Tables of the calculation that the workbook holds whole; all the others are CSV files."""
NOT_IN_NAMES = re.compile(r"[^\w £%-]+")
UNIT_WORDS = {"percent": "%", "GBP": "£"}
PENCE = "pence"
WARD_COLUMNS = (
    "Ward code",
    "Ward",
    "What",
    "Lens",
    "From",
    "To",
    "Value",
    "Unit",
    "Low",
    "High",
    "As printed",
)
FIGURE_COLUMNS = (
    "Figure",
    "What it is",
    "Value",
    "Unit",
    "Low",
    "High",
    "As printed",
    "From",
    "To",
    "How it is made",
    "Operation",
    "Made of",
    "Rows",
    "Caution",
    "Reports that print it",
)


def sheets_of(
    publication: Publication,
    printed: Sequence[PrintedTable],
    trail: Trail,
    tables: Mapping[str, pd.DataFrame],
) -> list[TableSheet]:
    """Every sheet in order. ``printed``: the tables of the publication's own report.

    ``tables``: the data tables by name, ``figures`` with the reports that print each.
    """
    found = [printed_sheet(number, table) for number, table in enumerate(printed, start=1)]
    found.append(wards_long(publication, trail))
    found.append(figures_sheet(trail, tables["figures"]))
    return found + [sheet(name, _in_words(tables[name])) for name in LEDGERS if name in tables]


def printed_sheet(number: int, table: PrintedTable) -> TableSheet:
    """A table of a page as a sheet: its numbers exact, money in pounds, one unit a column.

    Where numbers of one column have units of their own, the unit of each row is a column.
    """
    columns = list(zip(*table.rows, strict=True))
    units = [_units(column) for column in columns]
    header = _told_apart(table.headings)
    titles = [_with_unit(*one) for one in zip(header, units, strict=True)]
    rows = [[_value(cell) for cell in row] for row in table.rows]
    places = [_places(column) for column in columns]
    if any(len(some) > 1 for some in units):
        titles.insert(1, "Unit")
        places.insert(1, None)
        for row, cells in zip(rows, table.rows, strict=True):
            mixed = [cell for cell, some in zip(cells, units, strict=True) if len(some) > 1]
            row.insert(1, ", ".join(_units(mixed)) or "no number")
    _add_marks(titles, rows, table, header)
    return TableSheet(
        sheet_name(number, table.caption),
        shown_text(table.caption),
        tuple(titles),
        tuple(map(tuple, rows)),
        (*places, *[None] * (len(titles) - len(places))),
        shown_text(" ".join([_where(table), *table.notes])),
    )


def _where(table: PrintedTable) -> str:
    return f"In the report under {table.section}." if table.section else "On the first page."


def shown_text(text: str) -> str:
    """A text as a cell can hold it."""
    return str(shown(text))


def sheet_name(number: int, caption: str) -> str:
    """The number of a table, and as many whole words of its caption as a tab can hold."""
    name = str(number)
    for word in NOT_IN_NAMES.sub(" ", caption).split():
        if len(name) + 1 + len(word) > LONGEST_NAME:
            break
        name += f" {word}"
    return name


def _units(cells: Sequence[PrintedCell]) -> list[str]:
    """The units of some cells in words, each once."""
    return list(dict.fromkeys(unit_words(cell.unit) for cell in cells if cell.value is not None))


def unit_words(unit: str) -> str:
    """A unit as a reader says it; money is in pounds."""
    return UNIT_WORDS.get(unit, unit.replace(PENCE, "£"))


def _told_apart(headings: Sequence[str]) -> list[str]:
    """Headings, one that stands again with the heading before it: "Change (Work done there)"."""
    times = Counter(headings)
    apart = []
    last = ""
    for heading in headings:
        if times[heading] > 1:
            apart.append(f"{heading} ({last})")
        else:
            apart.append(heading)
            last = heading
    return apart


def _with_unit(heading: str, units: Sequence[str]) -> str:
    """A heading with the unit of its numbers, unless it says so already."""
    if len(units) != 1 or units[0].lower() in heading.lower():
        return shown_text(heading)
    return shown_text(f"{heading} ({units[0]})")


def _value(cell: PrintedCell) -> CellValue:
    if cell.value is None:
        return shown(cell.text)
    return cell.value / 100 if cell.unit.startswith(PENCE) else cell.value


def _places(cells: Sequence[PrintedCell]) -> int | None:
    """The decimal places that numbers show: pence of money, else as many as the page prints."""
    numbers = [cell for cell in cells if cell.unit]
    if not numbers:
        return None
    if any(cell.unit.startswith(PENCE) for cell in numbers):
        return 2
    printed = [re.search(r"\.(\d+)", cell.text) for cell in numbers]
    return min(2, max(len(found[1]) if found else 0 for found in printed))


def _add_marks(
    titles: list[str], rows: list[list[CellValue]], table: PrintedTable, header: Sequence[str]
) -> None:
    """Add a column of marks such as [r5], where a number of the table has one."""
    marks = [_marks(cells, header) for cells in table.rows]
    if any(marks):
        titles.append("Marks")
        for row, said in zip(rows, marks, strict=True):
            row.append(said or "none")


def _marks(cells: Sequence[PrintedCell], header: Sequence[str]) -> str:
    found = []
    for heading, cell in zip(header, cells, strict=True):
        mark = ROUNDED.search(cell.text)
        if mark and cell.value is not None:
            found.append(f"{heading}: {mark[0]}")
    return ", ".join(found)


def wards_long(publication: Publication, trail: Trail) -> TableSheet:
    """Every ward by what is counted, by lens and by period: a number a row."""
    wards = {ward.code: ward.name for ward in publication.council.wards}
    rows = []
    for figure in trail:
        topic, family, place, lens, *when = [*figure.id.split("."), "", "", ""]
        is_period = when[0] in ("", "before")
        if topic == "lens" and place in wards and lens in LAYOUT.lenses and is_period:
            rows.append(
                (
                    place,
                    wards[place],
                    LAYOUT.families.get(family, family),
                    LAYOUT.lenses[lens],
                    figure.period.start,
                    figure.period.end,
                    *_number(figure),
                )
            )
    rows.sort(key=lambda row: (str(row[1]), str(row[2]), str(row[3]), row[4]))
    told = LAYOUT.ledgers["wards long"]
    name = "wards long"
    return TableSheet(name, "Every ward, in long form", WARD_COLUMNS, tuple(rows), (), told)


def _number(figure: Figure) -> tuple[CellValue, ...]:
    """Value, unit, low and high of a figure, and the text that a page prints."""
    value: CellValue = HIDDEN if figure.kind == "hidden" else shown(None)
    if figure.is_known:
        value = _value(PrintedCell("", Decimal(figure.exact), figure.unit))
    low, high = shown(figure.low), shown(figure.high)
    return value, unit_words(figure.unit), low, high, display(figure)


def figures_sheet(trail: Trail, figures: pd.DataFrame) -> TableSheet:
    """Every figure with its number in pounds, people or whatever its unit says."""
    reports = dict(zip(figures["figure_id"], figures["reports"], strict=True))
    rows = [tuple(_figure_row(trail, figure, reports[figure.id])) for figure in trail]
    told = LAYOUT.ledgers["figures"]
    return TableSheet("figures", "Every figure", FIGURE_COLUMNS, tuple(rows), (), told)


def _figure_row(trail: Trail, figure: Figure, reports: str) -> Iterator[CellValue]:
    yield figure.id
    yield shown(figure.label)
    yield from _number(figure)
    yield figure.period.start
    yield figure.period.end
    for text in (figure.formula, figure.operation or OF_ROWS.get(figure.kind, "")):
        yield shown(text)
    yield shown(" ".join(figure.parts))
    yield trail.row_count(figure.id)
    yield shown(figure.caution)
    yield shown(reports)


def _in_words(table: pd.DataFrame) -> pd.DataFrame:
    """A ledger for people: no part of an id stands in it where there are words."""
    if "family" not in table:
        return table
    return table.assign(family=table["family"].replace(LAYOUT.families))
