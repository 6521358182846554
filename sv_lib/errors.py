"""The faults that are shown to people, without a traceback, each with its own exit code."""

from __future__ import annotations


class ReportError(Exception):
    """A fault in plain words: where; what was found; why it matters; what to do.

    Every part is public text: it may name a file, a row and a column, never a person.
    """

    exit_code = 1

    def __init__(self, where: str, found: str, matters: str, remedy: str) -> None:
        self.where, self.found, self.matters, self.remedy = where, found, matters, remedy
        super().__init__(where, found, matters, remedy)

    def __str__(self) -> str:
        return f"{self.where}: {self.found}\n  Why it matters: {self.matters}\n  What to do: {self.remedy}"


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
