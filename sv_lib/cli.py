"""The command line: it parses, calls one function, shows a fault without a traceback. Libraries load when needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sv_lib.errors import InputError, ReportError

if TYPE_CHECKING:
    from rich.console import Console

    from sv_lib.publish.runner import Outcome

app = typer.Typer(
    name="svreport", add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="Reproducible social value reports, from input rows to committee papers.",
)  # fmt: skip

Params = Annotated[Path, typer.Argument(metavar="PARAMS", help="A publication's parameter file.")]


def main() -> None:
    """Run the command line; a fault of the user's or the data's ends it in plain words with its own exit code."""
    try:
        app()
    except ReportError as fault:
        print(f"Error: {fault}", file=sys.stderr)
        sys.exit(fault.exit_code)


@app.command()
def run(
    params: Annotated[list[Path], typer.Argument(metavar="PARAMS...", help="Parameter files of publications.")],
    reports: Annotated[str, typer.Option(help="Only these, with commas: annual, mid-year, wards, methods.")] = "",
    ward: Annotated[list[str] | None, typer.Option(help="Only this ward's report, by code; may be repeated.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Reports made at once; by default one a processor.")] = None,
    scheduler: Annotated[str, typer.Option(help="Address of a dask scheduler that makes the reports.")] = "",
    output_dir: Annotated[Path, typer.Option(help="Where run folders are kept.")] = Path("outputs"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Make unchanged reports again too.")] = False,
) -> None:
    """Make the reports: intake, calculation, notebooks, HTML and PDF, data files, manifest."""
    from rich.console import Console

    from sv_lib.publish import runner
    from sv_lib.publish.progress import Progress

    console = Console()
    kinds = [kind.strip() for kind in reports.split(",") if kind.strip()]
    with Progress(console) as progress:
        outcomes = runner.run(
            params, reports=kinds, wards=ward or (), jobs=jobs, scheduler=scheduler, output_dir=output_dir, fresh=fresh,
            progress=progress,
        )  # fmt: skip
    for outcome in outcomes:
        _summary(console, outcome)


def _summary(console: Console, outcome: Outcome) -> None:
    """What was written, what the checks found, how long it took, where it is."""
    counts = [f"{len(outcome.made)} made"] if outcome.made else []
    counts += [f"{len(outcome.kept)} unchanged and kept"] if outcome.kept else []
    lines = [f"{outcome.name}: {', '.join(counts)} in {outcome.seconds:.0f} s"]
    if outcome.dropped:
        lines.append(f"  Out of date and left out, since they were not asked for: {', '.join(outcome.dropped)}")
    found = [f"{outcome.findings[severity]} {severity}" for severity in ("warn", "note") if outcome.findings[severity]]
    lines.append(f"  Findings: {', '.join(found) or 'none'}")
    lines += [f"  A notebook also printed: {line}" for line in outcome.printed]
    lines.append(f"  Open {outcome.folder / 'index.html'}")
    console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)


@app.command()
def check(params: Params) -> None:
    """Read the inputs only: the findings and the control totals."""
    from rich.console import Console

    from sv_lib.figures.calculation import gather
    from sv_lib.params import load
    from sv_lib.publish import listing

    publication = load(params)
    inputs = gather(publication)
    console = Console()
    console.print(listing.findings(inputs) if inputs.findings else "No findings.")
    console.print(listing.controls(inputs))
    if inputs.stops:
        raise InputError(
            f"{params.parent.name}/{params.name}", f"{len(inputs.stops)} finding(s) that stop a run, listed above",
            "a report made from these files would be wrong and look right.",
            "mend the files as said above and check again.",
        )  # fmt: skip


@app.command()
def trace(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A run folder.")],
    figure_id: Annotated[str, typer.Argument(metavar="FIGURE_ID", help="A figure's id, from figures.csv or a page.")],
) -> None:
    """Show how a figure came about: formula, inputs, proxies and source rows, added up again."""
    from sv_lib.figures.trace import trace as show

    typer.echo(show(run_dir, figure_id))


@app.command()
def measures(ref: Annotated[str, typer.Argument(metavar="[REF]", help="A measure, such as NT1.")] = "") -> None:
    """Show the catalogue of measures, or one measure with its worked examples."""
    from rich.console import Console

    from sv_lib.publish import listing

    if ref:
        typer.echo(listing.measure_text(ref))
    else:
        Console().print(listing.measures())


@app.command()
def new(
    params: Annotated[Path, typer.Argument(metavar="PARAMS", help="The parameter file to write.")],
    source: Annotated[Path, typer.Option("--from", metavar="PARAMS", help="Last year's parameter file.")],
) -> None:
    """Write the next period's parameter file: last year's with its dates moved on."""
    from sv_lib.publish.new import next_period

    left = next_period(source, params)
    typer.echo(f"Wrote {params} with every date a year later.")
    if left:
        typer.echo("\n  ".join(["Check these lines, which name a year and were left as they are:", *left]))


if __name__ == "__main__":
    main()
