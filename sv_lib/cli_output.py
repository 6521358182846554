"""How the commands print: text as it is, with nothing in it that would steer a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from sv_lib.errors import visible

if TYPE_CHECKING:
    from rich.console import Console

NO_WRAP = 100_000
"""Columns of a page without an edge."""


def console() -> Console:
    """Where a command prints; off a terminal, in a file or a log, no line is wrapped."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else NO_WRAP)


def say(console: Console, text: str) -> None:
    """Print text as it is: no marks, no colours, no line breaks of rich's own."""
    console.print(visible(text), markup=False, highlight=False, soft_wrap=True)


def echo(text: str, *, err: bool = False) -> None:
    """Print text whose words may be anybody's."""
    typer.echo(visible(text), err=err)
