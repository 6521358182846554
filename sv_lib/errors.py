"""The faults that people are shown in place of a traceback, each with its own exit code."""

from __future__ import annotations

import errno
import re
from pathlib import Path

UNCHANGED = "nothing of this run is published; the last good run is as it was."
STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Characters that steer a terminal, turn the direction of a line, or are not seen."""
INTERRUPTED, TERMINATED = 130, 143
"""Exit codes of a run stopped from outside: 128 and the number of the signal, as in shells."""


class ReportError(Exception):
    """A fault in plain words: where; what was found; why it matters; what to do.

    Every part is public text: it may name a file, a row and a column, never a person.
    """

    exit_code = 1

    def __init__(self, where: str, found: str, matters: str, remedy: str) -> None:
        self.where = where
        self.found = found
        self.matters = matters
        self.remedy = remedy
        # All four go to Exception, because a fault is pickled on its way from a worker.
        super().__init__(where, found, matters, remedy)

    def __str__(self) -> str:
        why = f"  Why it matters: {self.matters}"
        what_to_do = f"  What to do: {self.remedy}"
        return visible(f"{self.where}: {self.found}\n{why}\n{what_to_do}")


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


def counted(number: int, noun: str) -> str:
    """``1 row``, ``1,204 rows``."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def visible(text: str) -> str:
    """Text as a terminal may show it: a character that would steer it is written as its code.

    Line ends and tabs stay.
    """
    return STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def on_one_line(text: str) -> str:
    """Text from elsewhere as part of a line, which it cannot end."""
    return visible(text).replace("\n", "\\n")


def of_system(fault: BaseException) -> ReportError:
    """A fault of the machine or of the code itself, in plain words."""
    if isinstance(fault, MemoryError) or getattr(fault, "errno", None) == errno.ENOMEM:
        return NotebookError(
            "this machine",
            "there is not enough memory",
            UNCHANGED,
            "close other programs, make fewer reports at once (--jobs 1), or use a machine "
            "with more memory.",
        )
    kind = type(fault).__name__
    if isinstance(fault, OSError):
        place = "a file of the run"
        if isinstance(fault.filename, str):
            place = "/".join(Path(fault.filename).parts[-2:])
        return RenderError(
            place,
            f"it cannot be written or read ({fault.strerror or kind})",
            UNCHANGED,
            "free space on the disk, or ask for access, and run again.",
        )
    # The fault's own words are left out: they may hold the content of a cell.
    return ReportError(
        _line_of(fault),
        f"a fault in the program itself ({kind})",
        UNCHANGED,
        "tell those who keep sv_lib this line; with SV_TRACEBACK=1 set, the command shows "
        "where it happened.",
    )


def without_breaks(fault: BaseException) -> str:
    """What a library says of a fault, without its line breaks."""
    return " ".join(str(fault).split())


def _line_of(fault: BaseException) -> str:
    """The file and line of the package that a fault came from."""
    place = "sv_lib"
    trail = fault.__traceback__
    while trail:
        file = Path(trail.tb_frame.f_code.co_filename)
        if "sv_lib" in str(file):
            place = f"{file.name}, line {trail.tb_lineno}"
        trail = trail.tb_next
    return place
