"""What intake has to say about the files, in spreadsheet words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from typing import Literal

import pandas as pd

from sv_lib.errors import InputError

Severity = Literal["stop", "warn", "note"]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing found in an input: where, what, why it matters, what to do. Never a person's name.

    ``stop`` ends the run; ``warn`` and ``note`` are printed in the data-quality annex.
    """

    severity: Severity
    file: str
    row: int | None
    column: str
    found: str
    problem: str
    remedy: str


@contextmanager
def told(file: str, findings: list[Finding]) -> Iterator[None]:
    """A file that cannot be read is added to the findings, so that all faults are told together."""
    try:
        yield
    except InputError as fault:
        findings.append(Finding("stop", file, None, "", fault.found, fault.matters, fault.remedy))


def as_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as a table; columns as in ``findings.csv``, in order of severity, file and row."""
    order = {"stop": 0, "warn": 1, "note": 2}
    ranked = sorted(
        findings, key=lambda f: (order[f.severity], f.file, f.row or 0, f.column, f.found)
    )
    frame = pd.DataFrame(
        [astuple(f) for f in ranked], columns=[field.name for field in fields(Finding)]
    )
    return frame.astype({"row": "Int64"})


def counted(number: int, noun: str) -> str:
    """``1 row``, ``1,204 rows``."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def in_pounds(pence: int) -> str:
    """``£1,204.50``, ``-£3.00``."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The closest of the known words, whatever the case; None when none is close."""
    lowered = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.76)
    return lowered[near[0]] if near else None
