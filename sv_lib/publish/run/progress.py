"""Shows how far a run is: a bar with the time left in a terminal, plain lines elsewhere."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar


class Progress:
    """The progress of a run on a console. Without a console nothing is shown."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console
        self._bar: Bar | None = None
        if console is not None and console.is_terminal:
            words = TextColumn("{task.description}", markup=False)
            self._bar = Bar(
                words,
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=console,
                transient=True,
            )

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("", total=None)
        return self

    def __exit__(self, *fault: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def stage(self, text: str) -> None:
        """Show the step that has begun."""
        if self._bar is not None:
            self._bar.update(self._task, description=text)
        elif self._console is not None:
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def begin(self, name: str, reports: int) -> None:
        """Start to count the reports of a publication. ``reports``: how many will be made."""
        if self._bar is not None:
            self._bar.reset(self._task, total=reports, description=f"{name}: reports")

    def done(self, report: str) -> None:
        """Count a report that is finished."""
        if self._bar is not None:
            self._bar.advance(self._task)
        else:
            self.stage(f"  made {report}")
