"""Options that several commands of the command line take."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

Params = Annotated[Path, typer.Argument(metavar="PARAMS", help="A publication's parameter file.")]
RunDir = Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A run folder.")]
Reports = Annotated[
    list[str] | None,
    typer.Option(
        help="Only these: annual, mid-year, briefing, wards, methods; with commas, or repeated. A "
        "briefing or ward report that has nothing to tell yet is made only when named."
    ),
]
Wards = Annotated[
    list[str] | None, typer.Option(help="Only this ward's report, by code; may be repeated.")
]
Scheduler = Annotated[str, typer.Option(help="Address of a dask scheduler that makes the reports.")]
ArchiveFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The archive; by default beside the run.")
]
RunOrArchive = Annotated[
    Path, typer.Argument(metavar="RUN", help="A run folder, or an archive of one.")
]
ItsParams = Annotated[
    Path | None,
    typer.Option("--params", help="Its parameter file, when not in the project's params."),
]
Jobs = Annotated[
    int | None, typer.Option(min=1, help="Reports made at once; by default one a processor.")
]
CouncilParams = Annotated[
    Path | None,
    typer.Option(
        "--params", metavar="PARAMS", help="With the measures and editions of its council."
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The workbook to write; by default among the outputs."),
]
Profile = Annotated[
    Literal["public", "exempt"] | None,
    typer.Option(
        help="Exempt holds every small number, for members alone; by default what the file says."
    ),
]
Day = ["%Y-%m-%d"]
"""How the command line takes a date."""


def _version(is_asked: bool) -> None:
    """Print the version and end."""
    if is_asked:
        from sv_lib import __version__

        typer.echo(f"svreport {__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
]
OutputDir = Annotated[
    Path | None,
    typer.Option(help="Where run folders are kept; by default 'outputs' beside the parameters."),
]
Opens = Annotated[
    bool, typer.Option("--open", help="Open the index page in a browser when all is made.")
]
ExampleFolder = Annotated[
    Path, typer.Argument(metavar="[FOLDER]", help="Where it is put; by default here.")
]
Quarter = Annotated[
    datetime | None,
    typer.Option(
        formats=[*Day, "%Y-%m"],
        metavar="DAY",
        help="A day or month of the quarter, such as 2022-05; by default the last.",
    ),
]
DueOn = Annotated[
    datetime | None,
    typer.Option(formats=Day, help="When they are due; by default after four weeks."),
]
