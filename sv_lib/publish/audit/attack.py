"""The finished run, attacked as a whole before it is moved into place: nothing hidden may be found
or
worked out.

Every file is read as somebody would who takes it apart. Found are: words that belong to the exempt
build alone, hidden figures beside their ids, hidden amounts, small counts beside the name of what
they count; and from all the figures that are printed together, by a linear program for each small
group of people, what could be worked out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sv_lib.analysis import disclosure
from sv_lib.analysis.disclosure import NO_CELLS
from sv_lib.errors import DisclosureError
from sv_lib.figures.figure import Figure
from sv_lib.figures.protection.protect import TOGETHER
from sv_lib.figures.saved import Secrets
from sv_lib.figures.trail import CODE
from sv_lib.memory import Memory, sha256_of
from sv_lib.present.formats import display
from sv_lib.publish.files import manifest
from sv_lib.publish.files.file_text import passages, rows
from sv_lib.publish.run.report_task import printed_figures
from sv_lib.publish.run.workers import Workers

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
SEARCHED, PRINTED = "searched", "printed.json"
"""The name under which it is kept which files are safe, and the file that says so."""
PARTS = 8
"""In how many parts the files are shared out."""
NEAR = 150
"""Characters between a number and the name of what it counts."""


def require_safe(
    folder: Path,
    secrets: Secrets | None,
    workers: Workers | None = None,
    memory: Memory | None = None,
) -> None:
    """Raise DisclosureError with every leak of a public run; an exempt run has no secrets to keep.

    ``workers``: who looks through the files, several at a time. ``memory``: of the files that the
    run before looked through for the same secrets and found safe; they are not looked through
    again.
    """
    if secrets is None:
        return
    digests = {path.relative_to(folder).as_posix(): sha256_of(path) for path in _files(folder)}
    key = _key(secrets)
    last = _Safe.recall(memory, key)
    safe = {
        name: last.printed[name]
        for name, digest in digests.items()
        if last.digests.get(name) == digest
    }
    to_search = [folder / name for name in digests if name not in safe]
    parts = [to_search[first::PARTS] for first in range(PARTS)]
    look = partial(_searched, folder, replace(secrets, cells=NO_CELLS, is_hidden=NO_CELLS.is_small))
    searched = [
        one
        for part in (workers.share(look, parts) if workers else map(look, parts))
        for one in part
    ]
    found = sorted(f"{name}: {leak}" for name, leaks, _ in searched for leak in leaks)
    printed = safe | {name: ids for name, _, ids in searched}
    together = set[str]().union(*printed.values())
    if (groups := _groups(secrets, together)) != last.groups:
        found += _worked_out(secrets, together)
    if found:
        raise DisclosureError(
            folder.name,
            f"{len(found)} hidden number(s) or name(s) could be found:\n  - "
            + "\n  - ".join(found),
            "few people stand behind each, and a reader could tell about them; nothing "
            "of this run is published.",
            "mend what prints it; where figures give it away together, hide one of those named "
            "or raise disclosure.people_below.",
        )
    if memory:
        _Safe(digests, printed, groups).keep(memory, key)


@dataclass(frozen=True)
class _Safe:
    """What the run before came to: of each file its hash and the ids of the figures it gives a
    value
    of; the groups.
    """

    digests: Mapping[str, str]
    printed: Mapping[str, Sequence[str]]
    groups: str

    @classmethod
    def recall(cls, memory: Memory | None, key: str) -> Self:
        """What was kept for the same secrets, or nothing."""
        place = memory.find(SEARCHED, key) if memory else None
        return (
            cls(**json.loads((place / PRINTED).read_text(encoding="utf-8")))
            if place
            else cls({}, {}, "")
        )

    def keep(self, memory: Memory, key: str) -> None:
        """Keep it for the next run."""
        with memory.keep(SEARCHED, key) as place:
            (place / PRINTED).write_text(json.dumps(vars(self)), encoding="utf-8")


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def _key(secrets: Secrets) -> str:
    """A hash of what is looked for, and of the program that looks."""
    looked_for = [
        sorted(map(repr, secrets.figures.values())),
        *(sorted(map(repr, some)) for some in (secrets.words, secrets.rows, secrets.open_pounds)),
    ]
    return manifest.hash_of([manifest.tools(), looked_for])


def _groups(secrets: Secrets, printed: set[str]) -> str:
    """A hash of the groups of people, of which are hidden, and of all that is printed together."""
    cells = secrets.cells
    groups = (cells.members, cells.people, cells.least, cells.is_small, secrets.is_hidden)
    digest = hashlib.sha256(repr([list(cells.names), sorted(printed), manifest.tools()]).encode())
    for group in groups:
        digest.update(group.tobytes())
    return digest.hexdigest()


def _searched(
    folder: Path, secrets: Secrets, paths: Sequence[Path]
) -> list[tuple[str, set[str], list[str]]]:
    """Of each of some files: the name, its leaks, and the ids of the figures that it gives a value
    of.
    """
    search, found = Search(secrets), []
    for path in paths:
        search.printed = set()
        leaks = set(search.leaks(path, folder))
        found.append((path.relative_to(folder).as_posix(), leaks, sorted(search.printed)))
    return found


class Search:
    """Looks for what is secret, file by file. ``printed``: ids of the figures that they give a
    value
    of.
    """

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets
        self.printed: set[str] = set()
        self.phrases = {phrase: set(WORD.findall(phrase)) for phrase in secrets.words}
        self.amounts: dict[str, str] = {}
        self.counts: dict[str, list[Figure]] = {}
        open_pounds = {_bare(pounds) for pounds in secrets.open_pounds}
        for figure in secrets.figures.values():
            is_money, exact = figure.unit == "pence", _bare(figure.exact)
            full = _bare(display(figure, "full")) if is_money else exact
            if is_money and full in open_pounds:
                continue
            rounded = (
                {_bare(display(figure)), _bare(display(figure, "whole"))}
                if figure.unit != "FTE"
                else set()
            )
            # a short amount in pounds, such as £2m, stands in many places
            for text in {full} | {
                text for text in rounded if not is_money or len(text.rstrip("0")) >= TELLING - 1
            }:
                self.counts.setdefault(text, []).append(figure)
            for text in (exact, full):
                if _digits(text) >= TELLING:
                    self.amounts[text] = figure.id

    def leaks(self, path: Path, folder: Path) -> Iterator[str]:
        """What a file gives away, in words that do not give it away again."""
        if path.suffix == ".parquet":
            yield from self._in_rows(path)
        text = "\n".join([path.relative_to(folder).as_posix(), *passages(path)])
        words = set(WORD.findall(text))
        if held := sum(parts <= words and phrase in text for phrase, parts in self.phrases.items()):
            yield f"{held} names, claims or stories of the exempt build stand in it"
        for amount in set(map(_bare, set(NUMBER.findall(text)))) & self.amounts.keys():
            yield f"the value of {self.amounts[amount]} stands in it"
        yield from self._counted(text)
        yield from self._beside_id(path)

    def _counted(self, text: str) -> Iterator[str]:
        """A hidden number of people, weeks, FTE or pounds near the name of what it counts."""
        for match in COUNTED.finditer(text):
            if not (figures := self.counts.get(_bare(match["count"] or match["money"]), ())):
                continue
            unit = UNITS.get(match["unit"] or "£", "people")
            before = text[max(match.start() - NEAR, 0) : match.start()].rpartition("\n")[2]
            after = text[match.end() : match.end() + NEAR].partition("\n")[0]
            line = f"{before} {after}"
            for figure in figures:
                if figure.unit == unit and any(subject in line for subject in _subjects(figure)):
                    yield f"the value of {figure.id} stands beside the name of what it counts"

    def _beside_id(self, path: Path) -> Iterator[str]:
        """A value beside the id of a hidden figure; notes which figures are printed with a
        value.
        """
        for figure_id, value in [
            *((row["figure_id"], row.get("value", "")) for row in rows(path, "figure_id")),
            *(printed_figures(path.read_text(encoding="utf-8")) if path.suffix == ".html" else ()),
        ]:
            if value not in ("", "None", "[c]", "[x]"):
                self.printed.add(figure_id)
                secret = self.secrets.figures.get(figure_id)
                if secret and _bare(value) in {_bare(secret.exact), _bare(display(secret, "full"))}:
                    yield f"the value of {figure_id} stands beside its id"

    def _in_rows(self, path: Path) -> Iterator[str]:
        """Rows about people one by one, and rows of hidden figures."""
        columns = set(pq.read_schema(path).names)
        if "source_file" not in columns:
            return
        mine = _of(path, "source_file", {file for file, _ in self.secrets.rows}, "source_row")
        listed = set(
            zip(mine["source_file"].to_pylist(), mine["source_row"].to_pylist(), strict=True)
        )
        if listed & self.secrets.rows:
            yield f"{len(listed & self.secrets.rows)} rows about people are listed in it one by one"
        if "figure_id" in columns:
            mine = _of(path, "figure_id", self.secrets.figures, "amount")
            yield from self._together(path)
            for name, amount in (
                mine.to_pandas().groupby("figure_id", observed=True)["amount"].sum().items()
            ):
                if amount == self.secrets.figures[str(name)].value:
                    yield f"rows that add up to {name} are listed in it"

    def _together(self, trail: Path) -> Iterator[str]:
        """Hidden pounds in a line of the trail that stands for people; other rows only happen to be
        as
        large.
        """
        lines = _of(trail, "source_file", {TOGETHER}, "amount")
        listed = {_bare(str(amount)) for amount in lines["amount"].to_pylist()}
        for figure in self.secrets.figures.values():
            exact = _bare(figure.exact)
            if figure.unit == "pence" and exact in listed and _digits(exact) >= TELLING_TOGETHER:
                yield f"the value of {figure.id} stands in it"


def _of(path: Path, column: str, values: Iterable[str], other: str) -> pa.Table:
    """Two columns of the rows that have one of some values in the first: a trail has millions,
    these
    are few.
    """
    return pq.read_table(
        path, columns=[column, other], filters=pc.field(column).isin(pa.array(values, pa.string()))
    )


def _digits(number: str) -> int:
    """How many digits tell one number from another."""
    return len(number.replace(".", "").rstrip("0"))


def _bare(number: str) -> str:
    """A number without signs, commas and last noughts after the point: -1234.50 is what "fell by
    £1,234.5" says.
    """
    plain = number.replace(",", "").lstrip("+-−£")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _subjects(figure: Figure) -> set[str]:
    """What a figure is about: the name before the colon of its label, and the codes in its id."""
    return {
        figure.label.split(":")[0],
        *(part for part in figure.id.split(".") if CODE.fullmatch(part)),
    }


def _worked_out(secrets: Secrets, printed: set[str]) -> Iterator[str]:
    """What the figures that are printed give away together, whatever the calculation decided to
    hide.
    """
    cells, hidden = secrets.cells, secrets.is_hidden.copy()
    for number, names in enumerate(cells.names):
        if not printed.isdisjoint(names):
            hidden[number] = False
    for leak in disclosure.leaks(cells, hidden):
        givers = "; ".join(_named(cells, giver) for giver in leak.given_away_by)
        yield (
            f"{_named(cells, leak.cell)}: few people stand behind it, and it could be "
            f"worked out from {givers}"
        )


def _named(cells: disclosure.Cells, number: int) -> str:
    return (
        ", ".join(cells.names[number][:2])
        or "what is left when one printed figure is taken from another"
    )
