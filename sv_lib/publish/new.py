"""The next period's parameter file: last year's, with its dates moved on and its comments kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from sv_lib.errors import ParameterError
from sv_lib.params import SLUG, load
from sv_lib.periods import years_after

DAY = re.compile(r"\b(\d{4}-\d\d-\d\d)\b")
YEARS = re.compile(r"\b(20\d\d)(?:([-/])(\d\d))?(?!\d)")
KEY = re.compile(r"(\w+):")
FILES = ("inputs", "corrections")
COMMENT = re.compile(r"(^|\s+)#.*$")


def next_period(source: Path, target: Path) -> list[str]:
    """Write ``target`` from ``source`` with every date and the years of the title a year later.

    A final status becomes draft. Input files keep their names, since only a person knows the new
    ones. Returns the lines that name a year and stay as they are. Raises ParameterError when the
    source cannot be used, or the target exists, has a wrong name or is in a wrong place.
    """
    load(source)
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
    moved = list(_move_on(lines, target.stem))
    with target.open("x", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(moved) + "\n")
    load(target)
    return [
        new.strip()
        for old, new in zip(lines, moved, strict=True)
        if old == new and YEARS.search(_split(old)[0])
    ]


def _split(line: str) -> tuple[str, str]:
    """What a line says, and its comment."""
    comment = COMMENT.search(line)
    end = comment.start() if comment else len(line)
    return line[:end], line[end:]


def _move_on(lines: Iterable[str], name: str) -> Iterator[str]:
    key = ""
    for line in lines:
        said, comment = _split(line)
        top = KEY.match(said)
        key = top[1] if top else key
        if key == "publication":
            said = f"publication: {name}"
        elif key == "title":
            said = YEARS.sub(_next_years, said)
        elif key == "status":
            said = said.replace("final", "draft")
        elif key not in FILES:
            said = DAY.sub(_a_year_later, said)
        yield said + comment


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
