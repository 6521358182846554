"""A finished run, attacked as a whole: nothing that is hidden may be found or worked out.

Every file is read as somebody would who takes it apart. Found are: words of the exempt build,
hidden figures beside their ids, hidden amounts, small counts beside the name of what they count;
and, from all figures that are printed together, by a linear program for each small group of
people, what could be worked out. A number that a page prints as a figure that is not hidden is
permitted, whatever it equals.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sv_lib.analysis import disclosure
from sv_lib.figures.figure import Figure
from sv_lib.figures.protection.release import TOGETHER
from sv_lib.figures.trail import CODE
from sv_lib.present.formats import display
from sv_lib.publish.files.printed_figures import printed_figures
from tests.attacks.file_text import FIGURE, passages, plain, rows
from tests.attacks.order import told_by_order
from tests.attacks.sought import Sought, as_known_before, as_printed

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"(?<![\w.,])(?<![\w.,]-)(£?\d[\d,]*(?:\.\d+)?)(?![\w,]*\d)")
TELLING = 6
"""Digits, noughts at its end apart, of an amount that hardly stands anywhere by chance."""
TELLING_TOGETHER = 4
"""The same of an amount among lines that stand for people alone: there are far fewer of them."""
COUNTED = re.compile(
    r"(?<![\w.£])(?<!\w-)(?<!\d,)(?P<count>\d+(?:\.\d+)?)[ \u00a0]"
    r"(?:(?:local|more|young|disabled|unemployed|new)[ \u00a0]){0,2}"
    r"(?P<unit>people|person|residents?|apprentices?|learners?|trainees?|jobs?|starts?|weeks?|FTE)\b"
    r"|(?P<money>£\d[\d,]*(?:\.\d+)?[kmbn]*)"
)
UNITS = {"week": "weeks", "weeks": "weeks", "FTE": "FTE", "£": "pence"}
NEAR = 150
"""Characters between a number and the name of what it counts."""
MARKUP = 30
"""Characters of HTML for one of its text, links and figures included, in a row of a table."""
FOLLOWING = 4
"""Words after a number of a PDF by which it is known again in the HTML it was drawn from."""
WITHHELD = ("", "None", "[c]", "[x]")


def leaks_in(folder: Path, sought: Sought) -> list[str]:
    """Every leak of a finished public run, as ``file: what``, in words that do not leak again."""
    search = Search(sought)
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        found += sorted(f"{name}: {leak}" for leak in set(search.leaks(path, folder)))
    return [*found, *worked_out(sought, search.printed)]


def worked_out(sought: Sought, printed: set[str]) -> list[str]:
    """What the figures that are printed give away together, whatever was decided to be hidden.

    A group of people that only this publication makes may be known of from the earlier ones; it is
    no leak of this one as long as it tells nothing more of it.
    """
    cells = sought.cells
    found = []
    before = {
        (leak.cell, leak.low, leak.high) for leak in disclosure.leaks(cells, as_known_before(cells))
    }
    for leak in disclosure.leaks(cells, as_printed(sought, printed)):
        if (leak.cell, leak.low, leak.high) in before:
            continue
        givers = "; ".join(_named(cells, giver) for giver in leak.given_away_by)
        found.append(
            f"{_named(cells, leak.cell)}: few people stand behind it, and it could be worked out "
            f"from {givers}"
        )
    return found


class Search:
    """Looks for what is sought, file by file.

    ``printed``: ids of the figures that the files seen so far give a value of.
    """

    def __init__(self, sought: Sought) -> None:
        self.sought = sought
        self.printed: set[str] = set()
        self.phrases = {phrase: set(WORD.findall(phrase)) for phrase in sought.words}
        self.ranges = re.compile(rf"\b(?:{'|'.join(sorted(sought.ranges))})\b", re.IGNORECASE)
        self.amounts: dict[str, str] = {}
        self.counts: dict[str, list[Figure]] = {}
        open_pounds = {_bare(pounds) for pounds in sought.open_pounds}
        for figure in sought.figures.values():
            full = _bare(display(figure, "full") if figure.unit == "pence" else figure.exact)
            if figure.unit == "pence" and full in open_pounds:
                continue
            printed = set()
            if rounded := sought.rounded.get(figure.id):
                bare = replace(rounded, caution="")  # without the mark behind the number
                printed = _spellings(bare, _bare(bare.exact))
            for text in _spellings(figure, full) - printed:
                self.counts.setdefault(text, []).append(figure)
            for text in (_bare(figure.exact), full):
                if _digits(text) >= TELLING:
                    self.amounts[text] = figure.id

    def leaks(self, path: Path, folder: Path) -> Iterator[str]:
        """What a file gives away."""
        if path.suffix == ".parquet":
            yield from self._in_rows(path)
        found = passages(path, partial(FIGURE.sub, self._without_permitted))
        text = "\n".join([path.relative_to(folder).as_posix(), *found])
        if self.sought.ranges:
            text = self.ranges.sub("*", text)
        words = set(WORD.findall(text))
        held = [phrase for phrase, parts in self.phrases.items() if parts <= words]
        if count := sum(phrase in text for phrase in held):
            yield f"{count} names, claims or stories of the exempt build stand in it"
        permitted = self._permitted_in_pdf(path)
        for match in NUMBER.finditer(text):
            number = _bare(match.group())
            if number in self.amounts and _with_following(text, match) not in permitted:
                yield f"the value of {self.amounts[number]} stands in it"
        yield from self._counted(text, permitted, self._promised_in(path))
        yield from self._beside_id(path)
        if path.suffix == ".html":
            page = path.read_text(encoding="utf-8")
            for figure_id in told_by_order(page, self.sought.figures):
                yield f"the order of a table tells between which two {figure_id} is"

    def _without_permitted(self, match: re.Match[str]) -> str:
        """The markup of a figure; without its number when that may be printed."""
        figure_id = html.unescape(match[1])
        return match.group() if figure_id in self.sought.figures else "*"

    def _permitted_in_pdf(self, path: Path) -> set[str]:
        """The permitted numbers of a PDF, each with the words that follow it in the HTML."""
        page = path.with_suffix(".html")
        if path.suffix != ".pdf" or not page.is_file():
            return set()
        source = page.read_text(encoding="utf-8")
        found = set()
        for match in FIGURE.finditer(source):
            if html.unescape(match[1]) not in self.sought.figures:
                after = plain(source[match.end() : match.end() + MARKUP * NEAR].rpartition("<")[0])
                text = f"{plain(match[2])} {after}"
                if number := NUMBER.search(text) or COUNTED.search(text):
                    found.add(_with_following(text, number))
        return found

    def _promised_in(self, path: Path) -> set[str]:
        """The quantities that the table of commitments prints as what they are, promises."""
        return {_bare(one) for one in self.sought.promised} if path.stem == "commitments" else set()

    def _counted(self, text: str, permitted: set[str], promised: set[str]) -> Iterator[str]:
        """A hidden number of people, weeks, FTE or pounds near the name of what it counts."""
        for match in COUNTED.finditer(text):
            number = _bare(match["count"] or match["money"])
            figures = self.counts.get(number, [])
            if not figures or _with_following(text, match) in permitted or number in promised:
                continue
            unit = UNITS.get(match["unit"] or "£", "people")
            before = text[max(match.start() - NEAR, 0) : match.start()].rpartition("\n")[2]
            after = text[match.end() : match.end() + NEAR].partition("\n")[0]
            line = f"{before} {after}"
            for figure in figures:
                if figure.unit == unit and any(subject in line for subject in _subjects(figure)):
                    yield f"the value of {figure.id} stands beside the name of what it counts"

    def _beside_id(self, path: Path) -> Iterator[str]:
        """A value beside the id of a hidden figure; notes which figures have a value."""
        pairs = [(row["figure_id"], row.get("value", "")) for row in rows(path, "figure_id")]
        if path.suffix == ".html":
            on_page = printed_figures(path.read_text(encoding="utf-8"))
            pairs += [(one.figure_id, one.value) for one in on_page]
        for figure_id, value in pairs:
            if value in WITHHELD:
                continue
            self.printed.add(figure_id)
            figure = self.sought.figures.get(figure_id)
            if figure and _bare(value) in {_bare(figure.exact), _bare(display(figure, "full"))}:
                yield f"the value of {figure_id} stands beside its id"

    def _in_rows(self, path: Path) -> Iterator[str]:
        """Rows about people one by one, and rows of hidden figures."""
        columns = set(pq.read_schema(path).names)
        if "source_file" not in columns:
            return
        files = {file for file, _ in self.sought.rows}
        mine = _rows_with(path, "source_file", files, "source_row")
        names, numbers = (mine[column].to_pylist() for column in ("source_file", "source_row"))
        listed = set(zip(names, numbers, strict=True)) & self.sought.rows
        if listed:
            yield f"{len(listed)} rows about people are listed in it one by one"
        if "figure_id" in columns:
            yield from self._in_lines_of_people(path)
            mine = _rows_with(path, "figure_id", self.sought.figures, "amount")
            sums = mine.to_pandas().groupby("figure_id", observed=True)["amount"].sum()
            for name, amount in sums.items():
                if amount == self.sought.figures[str(name)].value:
                    yield f"rows that add up to {name} are listed in it"

    def _in_lines_of_people(self, trail: Path) -> Iterator[str]:
        """Hidden pounds in a line that stands for people; a payment may happen to be as large."""
        lines = _rows_with(trail, "source_file", {TOGETHER}, "amount")
        listed = {_bare(str(amount)) for amount in lines["amount"].to_pylist()}
        for figure in self.sought.figures.values():
            exact = _bare(figure.exact)
            if figure.unit == "pence" and exact in listed and _digits(exact) >= TELLING_TOGETHER:
                yield f"the value of {figure.id} stands in it"


def _spellings(figure: Figure, full: str) -> set[str]:
    """The ways to print a figure; a short amount in pounds, such as £2m, stands in many places."""
    if figure.unit == "FTE":
        return {full}
    rounded = {_bare(display(figure)), _bare(display(figure, "whole"))}
    if figure.unit == "pence":
        rounded = {text for text in rounded if len(text.rstrip("0")) >= TELLING - 1}
    return {full} | rounded


def _rows_with(path: Path, column: str, values: Iterable[str], other: str) -> pa.Table:
    """Two columns of the rows that have one of some values in the first: a trail has millions."""
    wanted = pc.field(column).isin(pa.array(values, pa.string()))
    return pq.read_table(path, columns=[column, other], filters=wanted)


def _with_following(text: str, match: re.Match[str]) -> str:
    """A number with the words after it, as it is known again in another file."""
    number = _bare(re.split(r"[ \u00a0]", match.group())[0])
    after = WORD.findall(text[match.start() + len(number) : match.end() + NEAR])
    words = [word for word in after if not word.isdigit()]
    return " ".join([number, *words[:FOLLOWING]])


def _digits(number: str) -> int:
    """How many digits tell one number from another."""
    return len(number.replace(".", "").rstrip("0"))


def _bare(number: str) -> str:
    """A number without signs, commas and last noughts: what "fell by £1,234.50" says."""
    digits = number.replace(",", "").lstrip("+-−£")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _subjects(figure: Figure) -> set[str]:
    """What a figure is about: the name before the colon of its label, and the codes in its id."""
    codes = {part for part in figure.id.split(".") if CODE.fullmatch(part)}
    return {figure.label.split(":")[0], *codes}


def _named(cells: disclosure.Cells, number: int) -> str:
    nameless = "what is left when one printed figure is taken from another"
    return ", ".join(cells.names[number][:2]) or nameless
