"""The command line. Each command reads its options, calls one function and shows the result.

Libraries are imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from sv_lib.cli_council import COMMANDS
from sv_lib.cli_options import (
    ArchiveFile,
    CouncilParams,
    Day,
    DueOn,
    ExampleFolder,
    ItsParams,
    Jobs,
    Opens,
    OutputDir,
    Params,
    Profile,
    Quarter,
    Reports,
    RunDir,
    RunOrArchive,
    Scheduler,
    Version,
    Wards,
)
from sv_lib.cli_screen import console, echo, print_plain
from sv_lib.errors import (
    INTERRUPTED,
    TERMINATED,
    UNCHANGED,
    InputError,
    ReportError,
    counted,
    of_system,
)

app = typer.Typer(
    name="svreport",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Reproducible social value reports, from input rows to committee papers.",
    epilog=(
        "Exit codes: 0 done; 2 the command or a parameter file cannot be used; 3 findings that "
        "stop; 4 a notebook failed; 5 a page could not be made; 6 something differs; 130 and 143 "
        "stopped from outside; 1 a fault of the program."
    ),
)

for _name, _command in COMMANDS.items():
    app.command(_name)(_command)


def main() -> None:
    """Run the command line and say in plain words what ended it, if anything did."""
    # Python ends without clearing up on SIGTERM; SystemExit lets the run remove what it began.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        app()
    except SystemExit as ended:
        if ended.code in (INTERRUPTED, TERMINATED):
            print(f"Stopped from outside: {UNCHANGED} Run again when you like.", file=sys.stderr)
        raise
    except Exception as found:
        if os.environ.get("SV_TRACEBACK"):
            raise
        fault = found if isinstance(found, ReportError) else of_system(found)
        print(f"Error: {fault}", file=sys.stderr)
        sys.exit(fault.exit_code)
    finally:
        # The process ends here. Looking for unreachable objects first would take half a second.
        gc.freeze()


@app.callback()
def at_the_top(version: Version = False) -> None:
    """Options that stand before a command."""


@app.command()
def run(
    params: Annotated[
        list[Path], typer.Argument(metavar="PARAMS...", help="Parameter files of publications.")
    ],
    reports: Reports = None,
    ward: Wards = None,
    jobs: Jobs = None,
    scheduler: Scheduler = "",
    output_dir: OutputDir = None,
    profile: Profile = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Make unchanged reports again too.")
    ] = False,
    opens: Opens = False,
) -> None:
    """Make the reports: intake, calculation, notebooks, HTML and PDF, data files, manifest."""
    from sv_lib.publish.run import environment

    environment.settle()  # libraries look at some of it when they are loaded
    from sv_lib.publish.run import runner
    from sv_lib.publish.run.progress import Progress

    screen = console()
    kinds = [kind.strip() for given in reports or () for kind in given.split(",")]
    with Progress(screen) as progress:
        outcomes = runner.run(
            params,
            reports=[kind for kind in kinds if kind],
            wards=ward or (),
            jobs=jobs,
            scheduler=scheduler,
            output_dir=output_dir,
            fresh=fresh,
            progress=progress,
            profile=profile,
        )
    for outcome in outcomes:
        print_plain(screen, "\n".join(outcome.in_words()))
        if opens:
            typer.launch(str(outcome.folder / "index.html"))


@app.command()
def example(
    folder: ExampleFolder = Path(),
    sample: Annotated[
        bool, typer.Option("--sample", help="The sample of three wards, to be read in ten minutes.")
    ] = False,
) -> None:
    """Put the demonstration council and the notebooks in a folder, to try things on.

    The data are synthetic, and every page says so.
    """
    from sv_lib.publish.example import copy_example, copy_sample

    echo("\n".join(copy_sample(folder) if sample else copy_example(folder)))


@app.command()
def layout(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Payments files, as a council printed them."),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a list of all that was found, file by file.")
    ] = False,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="PARAMS", help="Keep the mapping beside this parameter file or folder."
        ),
    ] = None,
) -> None:
    """Show how payments files are read, and what an analyst must decide.

    That is columns, totals and rows left out.
    """
    import json

    from sv_lib.intake.ledger import description
    from sv_lib.intake.ledger.saving import save_layouts
    from sv_lib.params import name_of

    described = [description.describe(path) for path in files]
    descriptions = [said for said, _ in described]
    if as_json:
        reports = [said.as_json() for said in descriptions]
        echo(json.dumps(reports, indent=2, ensure_ascii=False))
    else:
        echo("\n\n".join(map(description.in_lines, descriptions)))
    if save:
        written = save_layouts([found for _, found in described if found], save)
        names = ", ".join(map(name_of, written))
        echo(
            "Saved. In council.yaml, give 'inputs' this line; a second 'inputs' is refused:\n"
            f"  payments_layout: [{names}]",
            err=as_json,
        )
    asked = sum(len(said.questions) for said in descriptions)
    if asked:
        raise InputError(
            "the files above",
            f"{counted(asked, 'question')} to decide first",
            "a total would be a guess.",
            "answer them in the layout: --save writes one with a line for each (docs/data-inputs.md"
            " shows them), or ask for the file again.",
        )


@app.command("return-form")
def return_form(
    params: Params,
    contract: Annotated[str, typer.Option(metavar="ID", help="Only this contract.")] = "",
    quarter: Quarter = None,
    due_on: DueOn = None,
    output_dir: Annotated[Path, typer.Option(help="Where the forms are written.")] = Path(
        "return-forms"
    ),
) -> None:
    """Make the forms for suppliers' quarterly returns, one workbook a contract.

    Name those that come back under 'return_forms' in the inputs.
    """
    from sv_lib.intake.pipeline import read_inputs, require
    from sv_lib.params import load
    from sv_lib.publish.files.return_form import write_forms

    publication = load(params)
    inputs = require(read_inputs(publication))
    days = [day.date() if day else None for day in (due_on, quarter)]
    written = write_forms(publication, inputs, contract, output_dir, *days)
    for path in written.paths:
        echo(f"Wrote {path}")
    echo("\n".join(written.in_words()))


proxies = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="The council's licensed prices of measures."
)
app.add_typer(proxies, name="proxies")


@proxies.command("import")
def import_proxies(
    workbook: Annotated[
        Path, typer.Argument(metavar="WORKBOOK", help="The workbook as it was licensed.")
    ],
    edition: Annotated[str, typer.Option(help="Edition of the prices.")] = "",
    source: Annotated[str, typer.Option(help="Where they are published.")] = "",
    checked_by: Annotated[
        str, typer.Option(metavar="NAME", help="Role of the person who checked them.")
    ] = "",
    checked_on: Annotated[
        datetime | None, typer.Option(formats=Day, help="When; by default today.")
    ] = None,
    output: Annotated[Path, typer.Option(help="The table to write, named under 'proxies'.")] = Path(
        "proxies.csv"
    ),
    params: CouncilParams = None,
) -> None:
    """Turn a licensed workbook of proxies into a checked CSV.

    A price without its authority is refused.
    """
    from sv_lib.intake.findings import in_words
    from sv_lib.intake.proxies_import import Authority, read_proxies
    from sv_lib.present.report import measures as measures_of
    from sv_lib.toms.measures import editions

    measures = measures_of(params)
    day = (checked_on or datetime.now().astimezone()).date()
    units = {ref: measure.unit for ref, measure in measures.items()}
    imported = read_proxies(workbook, Authority(edition, source, checked_by, day), units)
    output.write_text(imported.csv(), encoding="utf-8", newline="")
    for finding in imported.findings:
        echo(in_words(finding), err=True)
    count = counted(len(imported.rows), "price")
    echo(f"Wrote {count} to {output}. Name it in council.yaml, under inputs, as proxies.")
    if edition not in editions():
        declared = f"{{id: {edition}, name: ..., source: ..., valid_from: ...}}"
        echo(f"Declare the edition there too: editions: [{declared}]")


@app.command()
def trace(
    run_dir: RunDir,
    figure_id: Annotated[
        str, typer.Argument(metavar="FIGURE_ID", help="A figure's id, from figures.csv or a page.")
    ],
    to_csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write all its rows here too.")
    ] = None,
) -> None:
    """Show how a figure came about: formula, inputs, proxies and source rows, added up again."""
    from sv_lib.publish.audit import trace as tracing

    echo(tracing.trace(run_dir, figure_id))
    if to_csv:
        tracing.write_rows(run_dir, figure_id, to_csv)


@app.command()
def archive(run_dir: RunDir, params: ItsParams = None, output: ArchiveFile = None) -> None:
    """Seal a run, its working papers, parameters and inputs into one file, closed to the public."""
    from sv_lib.publish.archive import archive as seal

    echo("\n".join(seal(run_dir, params, output).in_words()))


@app.command()
def verify(run: RunOrArchive, params: ItsParams = None, jobs: Jobs = None) -> None:
    """Make a run again from its inputs, offline, and compare every figure and every byte."""
    from sv_lib.publish.verify import verify as check_again

    found = check_again(run, params, jobs=jobs)
    echo("\n".join(found.lines))
    found.require()


@app.command()
def compare(
    then: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="The earlier run folder.")],
    now: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="The later run folder.")],
) -> None:
    """Show every figure that moved between two runs, and why.

    Causes are input rows, corrections, proxies, parameters and method.
    """
    from sv_lib.publish.audit.compare import compare as side_by_side

    echo("\n".join(side_by_side(then, now)))


@app.command()
def measures(
    ref: Annotated[
        str, typer.Argument(metavar="[REF]", help="A measure, such as those listed.")
    ] = "",
    params: CouncilParams = None,
) -> None:
    """Show the catalogue of measures, or one measure with its worked examples."""
    from sv_lib.present.report import measures as measures_of
    from sv_lib.publish import terminal_tables

    known = measures_of(params)
    if ref:
        echo(terminal_tables.measure_text(ref, known))
    else:
        console().print(terminal_tables.measures(known))


if __name__ == "__main__":
    main()
