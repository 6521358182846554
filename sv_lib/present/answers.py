"""How a report answers a person in a notebook: its card, a figure as a table, and in words."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sv_lib.errors import counted
from sv_lib.figures.figure import Figure, Value
from sv_lib.figures.operations import OPERATIONS
from sv_lib.figures.saved import Calculation
from sv_lib.periods import long_date
from sv_lib.present import charts, formats
from sv_lib.present.cards import STATUS
from sv_lib.present.charts import ChartKind
from sv_lib.present.formats import display
from sv_lib.present.markup import Html, join, paragraph, tag
from sv_lib.present.report import Report
from sv_lib.present.tables import DataTable, TableColumn, TableRow

OWN = "own"
"""The id of a chart that an analyst draws."""
NOT_PUBLISHED = "Not published: worked out in a notebook."
WITHHELD = "rows about people are left out or stand in one line"
EVERYTHING = "nothing is withheld: not for publication"
Facts = list[tuple[str, str]]


def card(report: Report) -> Html:
    """What is open, as a small table."""
    return _small_table(report.council.name, _facts(report))


def card_in_words(report: Report) -> str:
    """What is open, in lines of text."""
    lines = [f"{name + ':':<15}{words}" for name, words in _facts(report)]
    return "\n".join([report.council.name, *lines])


def _facts(report: Report) -> Facts:
    publication = report.publication
    file = publication.file
    title = f"{report.ward_name}: {file.title}" if report.ward else file.title
    found = len(report.frame("findings"))
    return [
        ("Report", title),
        ("Social value", str(publication.sv)),
        ("Spend", str(publication.spend)),
        ("Data as at", long_date(file.data_as_at)),
        ("Status", STATUS[file.status]),
        ("Profile", f"{file.profile}; {WITHHELD if file.profile == 'public' else EVERYTHING}"),
        ("Findings", f"{counted(found, 'finding')} in the inputs" if found else "none"),
        ("Figures", f"{len(report.calculation.trail):,}"),
    ]


def _small_table(caption: str, facts: Facts) -> Html:
    rows = [
        tag("tr", join([tag("th", name, scope="row"), tag("td", words)])) for name, words in facts
    ]
    return tag("table", join([tag("caption", caption), tag("tbody", join(rows))]))


@dataclass(frozen=True)
class ShownFigure:
    """A figure for somebody who looks at it: ``value`` is exact, ``figure`` has everything."""

    figure: Figure
    calculation: Calculation

    @property
    def value(self) -> Value | None:
        """The exact value in ``unit``, money in pence; None where not known or hidden."""
        return self.figure.value

    @property
    def unit(self) -> str:
        return self.figure.unit

    def __repr__(self) -> str:
        return f"{self.figure.id}: {display(self.figure, 'full')}"

    def _repr_html_(self) -> str:
        return _small_table(self.figure.label, self._facts())

    def leaves(self) -> list[str]:
        """The ids of the figures that were made from rows and stand behind this one."""
        found: dict[str, None] = {}
        for part in self.figure.parts:
            found |= dict.fromkeys(ShownFigure(self._part(part), self.calculation).leaves())
        return list(found) or [self.figure.id]

    def in_words(self) -> Html:
        """How the figure came about, for somebody who has never seen it."""
        figure = self.figure
        first = f"{figure.label}, {figure.period}: {display(figure)}."
        lines = [first, f"How it is made: {figure.formula}." if figure.is_known else ""]
        if figure.operation and figure.is_known:
            lines.append(f"As a sum: {self._sum()} = {_exact(figure)}, from:")
            listed = [self._part(part) for part in figure.parts]
            lines += [f"{part.label} ({part.id}): {_exact(part)}." for part in listed]
        elif figure.is_known and self.has_rows:
            rows = counted(self.calculation.trail.row_count(figure.id), "line")
            lines.append(f"It was made from {rows} of the input files.")
        if figure.caution:
            lines.append(f"Caution: {figure.caution}.")
        return join(paragraph(line) for line in lines if line)

    def _facts(self) -> Facts:
        figure = self.figure
        facts = [
            ("Id", figure.id),
            ("Printed", display(figure)),
            ("Exact", _exact(figure)),
            ("Period", str(figure.period)),
            ("Formula", figure.formula),
        ]
        if figure.operation and figure.is_known:
            facts.append(("Sum", f"{self._sum()} = {_exact(figure)}"))
        if figure.parts:
            facts.append(("Parts", ", ".join(figure.parts)))
        rows = "in the working papers"
        if self.has_rows:
            rows = f"{self.calculation.trail.row_count(figure.id):,}"
        facts += [("Rows", rows), ("Caution", figure.caution or "none")]
        return facts

    def _sum(self) -> str:
        words = [_exact(self._part(part)) for part in self.figure.parts]
        written: str = OPERATIONS[self.figure.operation].written(*words)
        return written

    @property
    def has_rows(self) -> bool:
        """Whether the calculation has its rows with it, which a saved one has not."""
        return bool(self.calculation.trail.files)

    def _part(self, figure_id: str) -> Figure:
        return self.calculation.trail[figure_id]


def _exact(figure: Figure) -> str:
    """A value in full: money to the penny, others as figures.csv has them."""
    if figure.value is None:
        return display(figure)
    if figure.unit.split()[0] == "pence":
        return display(figure, "full")
    return f"{figure.exact} {figure.unit}"


def figure_row(figure: Figure) -> tuple[object, ...]:
    """A figure as a row of ``OpenReport.figures``."""
    return (
        figure.id,
        figure.label,
        display(figure),
        figure.value,
        figure.unit,
        str(figure.period),
        figure.formula,
        figure.caution,
    )


def own_chart(frame: pd.DataFrame, kind: ChartKind, unit: str, title: str) -> Html:
    """A frame as a chart in the house style, which says that it is not published."""
    label, *numbers = map(str, frame.columns)
    shown = "£" if unit == "pence" else unit
    columns = [TableColumn(label), *(TableColumn(name, shown, "short") for name in numbers)]
    rows: list[TableRow] = []
    for words, *values in frame.itertuples(index=False):
        rows.append((str(words), *(formats.amount(value, unit) for value in values)))
    table = DataTable(OWN, title, tuple(columns), tuple(rows), NOT_PUBLISHED)
    alt = f"{title}: {counted(len(rows), 'row')} by {label}."
    words = f"{', '.join(numbers)}; {shown}. {NOT_PUBLISHED}"
    return charts.chart(kind, table, title=title, subtitle=words, alt=alt, sort=False)
