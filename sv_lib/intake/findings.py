"""What intake has to say about the files. Every word of it stands in ``findings.yaml``."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, Literal, SupportsInt

from pydantic import TypeAdapter

from sv_lib.errors import InputError
from sv_lib.errors import counted as counted
from sv_lib.settings import Settings
from sv_lib.strict_yaml import read_yaml

if TYPE_CHECKING:
    import pandas as pd

Severity = Literal["stop", "warn", "note"]
Record = Mapping[Any, Any]
CATALOGUE = Path(__file__).with_suffix(".yaml")
PUBLISHED = ["severity", "file", "row", "column", "found", "problem", "remedy"]
"""The columns of ``findings.csv``."""
SHOWN = 10
"""Rows with one fault that get a finding each; the rest of them share one."""
AS_ABOVE = "as above"
"""The remedy of the finding that counts the rest."""
PLACE_SLOTS = {"file", "row", "column"}
"""Slots that every text may use; the place of the finding fills them."""
REMEDY_SLOTS = {"near", "remedy"}
"""Slots that every call may give; they decide which remedy is told."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing found in an input: where, what, why it matters, what to do. Never a person's name.

    ``stop`` ends the run; ``warn`` and ``note`` are printed in the data-quality annex.
    ``id`` names the entry in the catalogue. ``touches``: file and row of every row that it stands
    for, where they are known. ``pence``: what these rows hold, where the call says so. None of the
    three is published.
    """

    severity: Severity
    file: str
    row: int | None
    column: str
    found: str
    problem: str
    remedy: str
    id: str = field(default="", compare=False, repr=False)
    touches: tuple[tuple[str, int], ...] = field(default=(), compare=False, repr=False)
    pence: int | None = field(default=None, compare=False, repr=False)


class FindingWords(Settings):
    """One entry of the catalogue. ``why`` is published as ``problem``.

    ``remedy_near`` replaces ``remedy`` where a similar word is known.
    ``severity`` is left out where the code decides it.
    """

    title: str
    found: str
    why: str
    remedy: str
    remedy_near: str | None = None
    severity: Severity | None = None


class FileError(InputError):
    """A file that cannot be read, in the words of the catalogue."""

    finding_id = ""


@cache
def catalogue() -> dict[str, FindingWords]:
    """Every entry of ``findings.yaml`` by its id, such as ``tables.no_column``."""
    return TypeAdapter(dict[str, FindingWords]).validate_python(read_yaml(CATALOGUE))


def finding(
    finding_id: str,
    file: object,
    row: SupportsInt | None = None,
    column: str = "",
    severity: Severity | None = None,
    **slots: object,
) -> Finding:
    """The finding of that id at that place, its texts filled with ``slots``.

    ``near`` is a similar word or None: with it the remedy is ``remedy_near``. ``remedy``, where
    it is neither None nor blank, is told in place of the catalogue's.
    Raises KeyError for an id that the catalogue lacks, and for a slot too few or too many;
    ValueError when the severity stands in both places or in none.
    """
    words = catalogue()[finding_id]
    if (severity is None) == (words.severity is None):
        raise ValueError(f"{finding_id}: say the severity in findings.yaml or in the call")
    # A slot too few fails below; one too many would hide that a text was meant to use it.
    strange = slots.keys() - slots_of(words) - REMEDY_SLOTS
    if strange:
        raise KeyError(f"{finding_id} has no slot {', '.join(sorted(strange))}")
    filled = {"file": file, "row": row, "column": column, **slots}
    pence = slots.get("pence")
    # Where it counts rows, that of its place is only the first of them: see ``standing_for``.
    touches = () if row is None or "rows" in slots else ((str(file), int(row)),)
    return Finding(
        severity=severity or words.severity or "stop",
        file=str(file),
        row=None if row is None else int(row),
        column=column,
        found=fill(words.found, filled),
        problem=fill(words.why, filled),
        remedy=fill(_remedy(words, slots), filled),
        id=finding_id,
        touches=touches,
        pence=pence if isinstance(pence, int) else None,
    )


class _Sentences(Formatter):
    """Format strings with two formats more, for counts and for money."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """``{rows:count row}`` is "1,204 rows" and ``{pence:pounds}`` is "£1,204.50"."""
        if format_spec == "pounds":
            return in_pounds(value)
        if format_spec.startswith("count "):
            return counted(value, format_spec.removeprefix("count "))
        return format(value, format_spec)


def fill(text: str, slots: Mapping[str, object]) -> str:
    """A text of the catalogue with its slots filled. Raises KeyError for one that is missing."""
    return _Sentences().vformat(text, (), slots)


def _remedy(words: FindingWords, slots: Mapping[str, object]) -> str:
    """The remedy before its slots are filled."""
    if slots.get("remedy"):
        return "{remedy}"
    if slots.get("near") and words.remedy_near:
        return words.remedy_near
    return words.remedy


@cache
def slots_of(words: FindingWords) -> frozenset[str]:
    """The names in braces in the texts of an entry, without those of the place."""
    texts = " ".join([words.found, words.why, words.remedy, words.remedy_near or ""])
    names = {name for _, name, _, _ in Formatter().parse(texts) if name}
    return frozenset(names - PLACE_SLOTS)


def findings_by_row(
    finding_id: str,
    rows: pd.DataFrame,
    column: str,
    slots: Callable[[Record], Mapping[str, Any]] | None = None,
    severity: Severity | None = None,
) -> Iterator[Finding]:
    """A finding for each of the first ten rows, and one that counts the rest.

    ``rows`` has ``source_file``, ``source_row`` and ``column``. ``slots`` gives the slots of a
    row; without it the only slot is ``value``, the row's value in ``column``.
    """
    for count, row in enumerate(rows.head(SHOWN + 1).to_dict("records")):
        filled = slots(row) if slots else {"value": row[column]}
        one = finding(finding_id, row["source_file"], row["source_row"], column, severity, **filled)
        if count < SHOWN:
            yield one
            continue
        last = rows["source_row"].iloc[-1]
        rest = f"{len(rows) - SHOWN} more rows, from row {one.row} to row {last}"
        yield standing_for(replace(one, found=rest, remedy=AS_ABOVE), rows.iloc[SHOWN:])


def standing_for(said: Finding, rows: pd.DataFrame) -> Finding:
    """A finding on several rows, which have ``source_file`` and ``source_row``."""
    return replace(said, touches=tuple(zip(rows["source_file"], rows["source_row"], strict=True)))


def findings_of_unknown(
    finding_id: str, rows: pd.DataFrame, column: str, known: Collection[str]
) -> Iterator[Finding]:
    """A finding for each row that names in ``column`` what is not among the known.

    A blank names nothing. The slots are ``value`` and ``near``.
    """
    told = rows.dropna(subset=[column])
    lost = told[~told[column].isin(list(known))]

    def slots(row: Record) -> Mapping[str, Any]:
        return {"value": row[column], "near": nearest(row[column], known)}

    yield from findings_by_row(finding_id, lost, column, slots)


def file_error(finding_id: str, file: object, **slots: Any) -> FileError:
    """The error to raise for a file that cannot be read; ``told`` makes it a finding again."""
    said = finding(finding_id, file, **slots)
    fault = FileError(said.file, said.found, said.problem, said.remedy)
    fault.finding_id = finding_id
    return fault


@contextmanager
def told(file: str, findings: list[Finding]) -> Iterator[None]:
    """Collect the fault of a file that cannot be read, so that all faults are told together."""
    try:
        yield
    except InputError as fault:
        finding_id = fault.finding_id if isinstance(fault, FileError) else ""
        findings.append(
            Finding("stop", file, None, "", fault.found, fault.matters, fault.remedy, finding_id)
        )


def as_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as the table of ``findings.csv``, in order of severity, file and row."""
    import pandas as pd  # not for a run in which nothing has changed

    order = {"stop": 0, "warn": 1, "note": 2}

    def rank(said: Finding) -> tuple[int, str, int, str, str]:
        return order[said.severity], said.file, said.row or 0, said.column, said.found

    ranked = sorted(findings, key=rank)
    return pd.DataFrame(ranked, columns=PUBLISHED).astype({"row": "Int64"})


def in_words(said: Finding) -> str:
    """A finding as one line.

    ``inputs/returns.csv, row 7, quantity: 'abc': it is not a number; correct the cell``.
    """
    row = f"row {said.row}" if said.row else ""
    place = [part for part in (said.file, row, said.column) if part]
    return f"{', '.join(place)}: {said.found}: {said.problem}; {said.remedy}"


def in_pounds(pence: int) -> str:
    """``£1,204.50``, ``-£3.00``."""
    sign = "-" if pence < 0 else ""
    pounds, rest = divmod(abs(pence), 100)
    return f"{sign}£{pounds:,}.{rest:02d}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The closest of the known words, whatever the case; None when none is close."""
    by_lower_case = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), list(by_lower_case), n=1, cutoff=0.76)
    return by_lower_case[close[0]] if close else None
