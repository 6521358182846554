"""What ``sv_lib.open_report`` gives a person: a report that can be asked, piece by piece.

    report = sv.open_report("params/rotherham-demo/2022-mid-year.yaml")
    report                                    # a card: council, periods, data day, findings
    report.figure("spend.total.this")         # a figure with its formula and parts
    report.table("suppliers.kinds")           # a table of the page, as the page prints it
    report.frame("payments")                  # a pandas frame

Whatever is asked by a name that is not there is refused with the names nearest to it.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from sv_lib.analysis import lenses
from sv_lib.errors import ParameterError
from sv_lib.figures.saved import PHOTOS
from sv_lib.home import beside_notebooks
from sv_lib.present import (
    answers,
    pieces,
    prose,
    sections,  # noqa: F401 it names the pieces
)
from sv_lib.present import report as opened
from sv_lib.present.charts import ChartKind
from sv_lib.present.markup import Html
from sv_lib.present.pieces import Piece
from sv_lib.present.prose import SLOT, read_words
from sv_lib.present.report import Report
from sv_lib.toms import states

if TYPE_CHECKING:
    # Reading inputs takes long to load, and a report that a run makes never asks for it.
    from sv_lib.figures.workings import Workings

NEAR = 5
"""How many names near to an unknown one are given."""
TRACE = ("figure_id", "source_file", "source_row", "amount", "unit")
FIGURES = ("figure_id", "label", "display", "value", "unit", "period", "formula", "caution")


@dataclass(frozen=True, repr=False)
class OpenReport(Report):
    """A report that a person opened: its texts, tables, charts, figures, traces and frames.

    In a public build rows about people are not listed: a trace gives them as one line, taken
    together, and the frames leave them out. ``report.frames()`` says what each frame holds.
    """

    def __repr__(self) -> str:
        return answers.card_in_words(self)

    def _repr_html_(self) -> str:
        return answers.card(self)

    def _ipython_key_completions_(self) -> list[str]:
        return [figure.id for figure in self.calculation.trail]

    def text(self, text_id: str, **slots: str) -> Html:
        """Words of the report's pages, as they say them: ``report.text("suppliers.vcse")``.

        They are a sentence of ``prose.yaml`` or what a section makes of several; nothing where
        their section does not stand. ``slots`` are the words or ids of figures that some sentences
        need. Raises ParameterError for words that do not exist, and names the slots that are
        missing.
        """
        known = pieces.of_report(pieces.TEXTS, self)
        if text_id in known and not slots:
            return self._piece(text_id, pieces.TEXTS, "text")
        sentences = read_words("prose.yaml")
        _require(text_id, [*known, *sentences], "text")
        if not (slots or pieces.stands(self, text_id)):
            return Html()
        needed = self._slots_of(sentences[text_id])
        missing = sorted(set(needed) - set(slots))
        if missing:
            given = ", ".join(f'{name}="..."' for name in missing)
            raise ParameterError(
                text_id,
                f"the sentence needs words or ids of figures for {', '.join(missing)}",
                "a page gives them where it says it.",
                f'give them: report.text("{text_id}", {given}).',
            )
        self._require_figures(text_id, sentences[text_id].get("figures", {}), slots)
        return prose.sentence(self, text_id, **slots)

    def _slots_of(self, wordings: dict[str, Any]) -> Iterator[str]:
        """The slots of a sentence that neither its figures nor the report fills."""
        named = wordings.get("figures", {})
        texts = [text for name, text in wordings.items() if name != "figures"]
        # Where a figure is missing, the sentence gets its reason from the figure.
        filled = {*self.words, *named, *({"why"} - set(SLOT.findall(wordings["known"])))}
        for slot in SLOT.findall(" ".join([*texts, *named.values()])):
            if slot not in filled and slot not in self:
                yield slot

    def _require_figures(self, text_id: str, named: dict[str, str], slots: dict[str, str]) -> None:
        """Raise ParameterError where a sentence is of a figure that the report lacks."""
        for pattern in named.values():
            figure_id = pattern.format_map(self.words | slots)
            if figure_id not in self:
                raise ParameterError(
                    text_id,
                    f"it tells of the figure {figure_id!r}, which this report does not have",
                    "the sentence would have nothing to say.",
                    "say it of a ward, or in a report that has the figure.",
                )

    def table(self, table_id: str) -> Html:
        """A table of the report's pages, as it is printed: ``report.table("suppliers.kinds")``.

        Nothing where it has nothing to say. ``report.tables()`` lists their names. Raises
        ParameterError for one that does not exist.
        """
        return self._piece(table_id, pieces.TABLES, "table")

    def chart(self, chart_id: str) -> Html:
        """A chart or map of the report's pages: ``report.chart("delivery.steps")``.

        Words where it cannot be drawn. ``report.charts()`` lists their names. Raises ParameterError
        for one that does not exist.
        """
        return self._piece(chart_id, pieces.CHARTS, "chart")

    def texts(self) -> list[str]:
        """The names of words of the pages that need nothing but the report."""
        made = pieces.of_report(pieces.TEXTS, self)
        sentences = read_words("prose.yaml")
        whole = [name for name, words in sentences.items() if not [*self._slots_of(words)]]
        return list(dict.fromkeys([*made, *whole]))

    def tables(self) -> list[str]:
        """The names of the tables of the pages; those of wards in a ward report."""
        return pieces.of_report(pieces.TABLES, self)

    def charts(self) -> list[str]:
        """The names of the charts and maps of the pages; those of wards in a ward report."""
        return pieces.of_report(pieces.CHARTS, self)

    def _piece(self, name: str, made: Mapping[str, Piece], what: str) -> Html:
        _require(name, pieces.of_report(made, self), what)
        return made[name].of(self) if pieces.stands(self, name) else Html()

    def figure(self, figure_id: str) -> answers.ShownFigure:
        """A figure with its value, formula, parts, period, rows and caution, as a small table.

        Raises ParameterError for one that does not exist.
        """
        trail = self.calculation.trail
        if figure_id not in trail:
            _require(figure_id, [figure.id for figure in trail], "figure")
        return answers.ShownFigure(trail[figure_id], self.calculation)

    def figures(self, pattern: str = "*") -> pd.DataFrame:
        """The figures whose ids fit a pattern such as "spend.*", a row each.

        ``value`` is exact, in ``unit``; money in pence. Raises ParameterError where none fits.
        """
        every = list(self.calculation.trail)
        found = [figure for figure in every if fnmatchcase(figure.id, pattern)]
        if not found:
            _require(pattern, [figure.id for figure in every], "figure")
        rows = [answers.figure_row(figure) for figure in found]
        return pd.DataFrame(rows, columns=list(FIGURES))

    def explain(self, figure_id: str) -> Html:
        """In words how a figure came about: what it is, its sum, its parts and its caution."""
        return self.figure(figure_id).in_words()

    def trace(self, figure_id: str) -> pd.DataFrame:
        """The input rows behind a figure and its parts, columns ``TRACE``; money in pence.

        The amounts under one ``figure_id`` add up to that figure. In a public build the rows about
        people stand in one line, "rows about people, taken together". Raises ParameterError for a
        figure that does not exist, and in a report that was opened from a saved calculation.
        """
        shown = self.figure(figure_id)
        if not shown.has_rows:
            raise ParameterError(
                figure_id,
                "a saved calculation holds figures without their rows",
                "an empty list would look as if nothing stood behind it.",
                "open the report by its parameter file alone; or use svreport trace on the run.",
            )
        trail = self.calculation.trail
        nothing = pd.DataFrame(columns=list(TRACE), dtype=object)
        parts = [_rows_of(self, leaf) for leaf in shown.leaves() if trail.row_count(leaf)]
        rows = pd.concat(parts, ignore_index=True) if parts else nothing
        return rows[list(TRACE)]

    def frame(self, name: str) -> pd.DataFrame:
        """A tidy frame: payments, contracts, suppliers, claims, commitments, wards and more.

        Money is in whole pence, as column names say. ``report.frames()`` lists all, with what each
        holds. Raises ParameterError for one that does not exist.
        """
        tables = self.calculation.tables
        if name in tables and name != PHOTOS:
            return tables[name]
        from sv_lib.figures.frames import FRAMES

        _require(name, list(self._frame_names()), "frame")
        return FRAMES[name](self.workings)

    def frames(self) -> pd.DataFrame:
        """The names of all frames, and what each holds."""
        words = read_words("frames.yaml")
        rows = [(name, words[name]) for name in self._frame_names()]
        return pd.DataFrame(rows, columns=["frame", "holds"])

    def _frame_names(self) -> Iterator[str]:
        from sv_lib.figures.frames import FRAMES

        yield from FRAMES
        yield from (name for name in self.calculation.tables if name != PHOTOS)

    @cached_property
    def workings(self) -> Workings:
        """The frames that the figures are made from; the input files are read when it is asked."""
        from sv_lib.figures.calculation import gather
        from sv_lib.figures.workings import Workings
        from sv_lib.intake.pipeline import require

        return Workings(self.publication, require(gather(self.publication)))

    def claims(self, ward: str = "", measure: str = "") -> pd.DataFrame:
        """The claims that count in the period, of a ward or a measure if one is named.

        ``ward`` is a code or a name: each claim then has its part by where the contract's work is
        done, as the lens of place does. ``measure`` is its reference. ``value_pence`` is
        in pence. In a public build claims about people are left out. Raises ParameterError for a
        ward or measure that does not exist.
        """
        claims = states.in_period(states.countable(self.frame("claims")), self.publication.sv)
        if measure:
            _require(measure, list(opened.measures(self)), "measure")
            claims = claims[claims["measure_ref"] == measure]
        if ward:
            code = self._ward_code(ward)
            split = lenses.works(claims, self.frame("contract_places"))
            claims = split[split["place"] == code]
        return claims.reset_index(drop=True)

    def _ward_code(self, ward: str) -> str:
        """The code of a ward that was named by its code or its name."""
        codes = {one.name: one.code for one in self.council.wards}
        codes |= {code: code for code in codes.values()}
        _require(ward, codes, "ward")
        return codes[ward]

    def draw(self, frame: pd.DataFrame, kind: ChartKind = "bars", *, unit: str, title: str) -> Html:
        """A chart of one's own in the house style, and its data: it says that it is not published.

        The first column of ``frame`` labels the rows; the others hold whole numbers in ``unit``:
        "pence", "people", "weeks" or another word.
        """
        return answers.own_chart(frame, kind, unit, title)


def open_report(params_file: str, calculation: str = "", ward: str = "") -> OpenReport:
    """Open a report by its parameter file, to show, to ask and to try things on.

    ``params_file`` is a publication's parameter file. ``calculation`` is the folder of a saved
    calculation; "" works all figures out now, which takes about half a minute. ``ward`` is the
    code of a ward, for a ward report. Raises ParameterError for parameters or a ward that cannot
    be used, InputError for findings that stop.
    """
    made = opened.open_report(beside_notebooks(params_file), calculation, ward)
    return OpenReport(made.publication, made.calculation, made.ward, made.is_by_hand)


def _rows_of(report: Report, figure_id: str) -> pd.DataFrame:
    trail = report.calculation.trail
    unit = trail[figure_id].unit
    return trail.rows(figure_id).assign(figure_id=figure_id, unit=unit)


def _require(name: str, known: Collection[str], what: str) -> None:
    """Raise ParameterError for a name that is not one of the known, with those near to it."""
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=NEAR, cutoff=0.5)
    near += [one for one in known if name.strip("*.").lower() in one.lower()]
    hints = list(dict.fromkeys(near))[:NEAR]
    raise ParameterError(
        name,
        f"there is no {what} of that name",
        "another one would answer another question.",
        f"near it: {', '.join(hints) or 'none'}.",
    )
