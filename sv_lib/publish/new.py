"""The next period's parameter file: last year's, with its dates moved on and its comments kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sv_lib.errors import ParameterError
from sv_lib.intake.input_files import TABLES_WORKBOOK, find_files
from sv_lib.params import SLUG, Publication, load
from sv_lib.periods import years_after
from sv_lib.publish.files.blank_templates import OF_ONE_PUBLICATION, write_blank_templates

DAY = re.compile(r"\b(\d{4}-\d\d-\d\d)\b")
YEARS = re.compile(r"\b(20\d\d)(?:([-/])(\d\d))?(?!\d)")
KEY = re.compile(r"(\w+):")
DAY_OR_YEARS = re.compile(rf"{DAY.pattern}|(?:{YEARS.pattern})")
PREVIOUS = re.compile("previous:")
KEPT = ("payments_layout", "portal_layouts", "lsoa_wards", "deprivation", "proxies")
"""Inputs whose files hold for more periods than one."""
COMMENT = re.compile(r"(^|\s+)#.*$")


def next_period(source: Path, target: Path) -> list[str]:
    """Write ``target`` from ``source`` with every date and the years of the title a year later.

    A final status becomes draft, and the source becomes the publication before. Names of input
    files move on too: a year to the next, the publication's own name to the new one. Returns the
    lines that name a year and stay as they are. Raises ParameterError when the
    source cannot be used, or the target exists, has a wrong name or is in a wrong place.
    """
    last = load(source)
    if target.exists():
        raise _refused(
            target,
            "this file exists already",
            "an analyst's work would be lost.",
            "choose another name.",
        )
    if not re.fullmatch(SLUG, target.stem) or target.suffix != ".yaml":
        raise _refused(
            target,
            "this is not a publication's file name",
            "the run folder is named after it.",
            "use small letters, digits and hyphens, such as 2024-mid-year.yaml.",
        )
    if target.parent.resolve() != source.parent.resolve():
        raise _refused(
            target,
            f"it is not in the folder {source.parent.name}",
            "it belongs beside the same council.yaml.",
            f"write it into {source.parent}.",
        )
    lines = source.read_text(encoding="utf-8-sig").splitlines()
    names = _Names(last.id, target.stem)
    moved = list(_move_on(lines, names))
    added = [] if any(map(PREVIOUS.match, lines)) else [f"previous: {last.id}"]
    with target.open("x", encoding="utf-8", newline="\n") as file:
        file.write("\n".join([*moved, *added]) + "\n")
    _write_workbook(load(target))
    return [
        new.strip()
        for old, new in zip(lines, moved, strict=True)
        if old == new and YEARS.search(_split(old)[0])
    ]


def _write_workbook(publication: Publication) -> None:
    """Write the empty workbook of a publication that names one of its own."""
    own = f"{publication.id}.xlsx"
    for name in publication.inputs.get(TABLES_WORKBOOK, ()):
        path = publication.path.parent / name
        if path.name == own and not path.exists():
            write_blank_templates(path, OF_ONE_PUBLICATION)


@dataclass(frozen=True)
class _Names:
    """The publication that is the source, and the one that is written."""

    last: str
    new: str


def needed(params: Path) -> list[str]:
    """The files that a publication names and that are not there yet, in words."""
    publication = load(params)
    _, missing = find_files(publication)
    return [f"{fault.file}: not there yet" for fault in missing]


def _split(line: str) -> tuple[str, str]:
    """What a line says, and its comment."""
    comment = COMMENT.search(line)
    end = comment.start() if comment else len(line)
    return line[:end], line[end:]


def _move_on(lines: Iterable[str], names: _Names) -> Iterator[str]:
    key = ""
    for line in lines:
        said, comment = _split(line)
        top = KEY.match(said)
        key = top[1] if top else key
        if key == "publication":
            said = f"publication: {names.new}"
        elif key == "previous":
            said = f"previous: {names.last}"
        elif key == "title":
            said = YEARS.sub(_next_years, said)
        elif key == "status":
            said = said.replace("final", "draft")
        elif key == "inputs":
            said = _next_file(said, names)
        elif key != "corrections":
            said = DAY.sub(_a_year_later, said)
        yield said + comment


def _next_file(said: str, names: _Names) -> str:
    """An input's line with the names of its files moved on; a layout is kept."""
    table, colon, paths = said.partition(":") if KEY.match(said.strip()) else ("", "", said)
    if table.strip() in KEPT or "$" in paths:
        return said
    parts = [DAY_OR_YEARS.sub(_day_or_years_later, part) for part in paths.split(names.last)]
    return table + colon + names.new.join(parts)


def _day_or_years_later(found: re.Match[str]) -> str:
    return _a_year_later(found) if DAY.fullmatch(found[0]) else YEARS.sub(_next_years, found[0])


def _a_year_later(found: re.Match[str]) -> str:
    """2022-03-31 -> 2023-03-31."""
    day = date.fromisoformat(found[1])
    return years_after(day, 1).isoformat()


def _next_years(found: re.Match[str]) -> str:
    """2022 -> 2023; 2021-22 -> 2022-23."""
    following = str(int(found[1]) + 1)
    return following + (f"{found[2]}{(int(found[3]) + 1) % 100:02d}" if found[3] else "")


def _refused(target: Path, found: str, matters: str, remedy: str) -> ParameterError:
    return ParameterError(target.name, found, matters, remedy)
