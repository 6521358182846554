"""The faults that are shown to people, without a traceback, each with its own exit code."""

from __future__ import annotations

import errno
from pathlib import Path

UNCHANGED = "nothing of this run is published; the last good run is as it was."
INTERRUPTED, TERMINATED = 130, 143
"""Exit codes of a run that was stopped from outside, as every shell knows them: 128 and the
signal's
number.
"""


class ReportError(Exception):
    """A fault in plain words: where; what was found; why it matters; what to do.

    Every part is public text: it may name a file, a row and a column, never a person.
    """

    exit_code = 1

    def __init__(self, where: str, found: str, matters: str, remedy: str) -> None:
        self.where, self.found, self.matters, self.remedy = where, found, matters, remedy
        super().__init__(where, found, matters, remedy)

    def __str__(self) -> str:
        return (
            f"{self.where}: {self.found}\n  Why it matters: {self.matters}\n  What to do: "
            f"{self.remedy}"
        )


class ParameterError(ReportError):
    """The command or a parameter file cannot be used as it stands."""

    exit_code = 2


class InputError(ReportError):
    """An input file holds findings that stop the run."""

    exit_code = 3


class NotebookError(ReportError):
    """A notebook failed; the broken notebook is kept, nothing is published."""

    exit_code = 4


class RenderError(ReportError):
    """A page could not be made from an executed notebook."""

    exit_code = 5


class DifferenceError(ReportError):
    """What was published and what was recomputed differ."""

    exit_code = 6


def of_system(fault: BaseException) -> ReportError:
    """What the machine, a signal or the code itself did, in plain words.

    Of a fault nobody foresaw only its kind and its place in the code are told: its own words may
    hold a cell's content.
    """
    if isinstance(fault, MemoryError) or getattr(fault, "errno", None) == errno.ENOMEM:
        remedy = (
            "close other programs, make fewer reports at once (--jobs 1), or use a machine "
            "with more memory."
        )
        return NotebookError("this machine", "there is not enough memory", UNCHANGED, remedy)
    if isinstance(fault, OSError):
        place = (
            "/".join(Path(fault.filename).parts[-2:])
            if isinstance(fault.filename, str)
            else "a file of the run"
        )
        found = f"it cannot be written or read ({fault.strerror or type(fault).__name__})"
        return RenderError(
            place, found, UNCHANGED, "free space on the disk, or ask for access, and run again."
        )
    trail, place = fault.__traceback__, "sv_lib"
    while trail:
        if "sv_lib" in trail.tb_frame.f_code.co_filename:
            place = f"{Path(trail.tb_frame.f_code.co_filename).name}, line {trail.tb_lineno}"
        trail = trail.tb_next
    remedy = (
        "tell those who keep sv_lib this line; with SV_TRACEBACK=1 set, the command shows "
        "where it happened."
    )
    return ReportError(
        place, f"a fault in the program itself ({type(fault).__name__})", UNCHANGED, remedy
    )
