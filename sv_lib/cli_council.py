"""The commands with which a council is set up, its publications listed, and its worklists made."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer

from sv_lib.cli_options import Day, Output, OutputDir, Params, RunDir
from sv_lib.cli_screen import busy, console, echo, print_plain
from sv_lib.errors import InputError, counted

Files = list[Path] | None
Lookups = Annotated[
    Files, typer.Option(metavar="FILE", help="ONS lookup of wards or LSOAs; may be repeated.")
]
Outlines = Annotated[
    Path | None, typer.Option(metavar="FILE", help="ONS ward boundaries, GeoJSON.")
]
Indices = Annotated[
    Path | None, typer.Option(metavar="FILE", help="File 7 of the Indices of Deprivation.")
]
Directories = Annotated[
    Files, typer.Option(metavar="FILE", help="ONSPD or NSPL, whole or by area; may be repeated.")
]
Ledgers = Annotated[
    Files, typer.Option(metavar="FILE", help="Payments to begin with; may be repeated.")
]
ReportKind = Literal["annual", "mid-year"]
DAYS = (*Day, "%d/%m/%Y", "%d %B %Y")
"""How a person may write a day when asked."""
SHOWN = 12
"""Councils that a question names."""
WhichCouncil = Annotated[
    str, typer.Option(help="1. The council, by its name or code in the files.")
]
Starts = Annotated[
    datetime | None, typer.Option(formats=Day, help="4. First day of the year that is reported.")
]
PersonKey = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Make a key for suppliers' codes of persons here, outside any repository.",
    ),
]


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to make.")],
    lookup: Lookups = None,
    boundaries: Outlines = None,
    deprivation: Indices = None,
    postcodes: Directories = None,
    payments: Ledgers = None,
    council: WhichCouncil = "",
    name: Annotated[str, typer.Option(help="2. Its name in full, as printed.")] = "",
    kind: Annotated[
        ReportKind | None, typer.Option(help="3. The kind of the first report.")
    ] = None,
    starts: Starts = None,
    contact: Annotated[str, typer.Option(help="5. Whom readers ask: a role, never a person.")] = "",
    person_key: PersonKey = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing: what is not given is as proposed.")
    ] = False,
) -> None:
    """Make a council's folder from official files: settings, templates, next steps.

    Asks at most five questions, each of which is an option too. Nothing is fetched: where to get
    each official file is printed.
    """
    from sv_lib.publish.start import council_folder as start
    from sv_lib.publish.start.official import WORDS
    from sv_lib.publish.start.official_cuts import OfficialFiles, read_official

    start.refuse_used(folder)
    files = OfficialFiles(lookup or (), boundaries, deprivation, postcodes or ())
    with busy("reading the official files"):
        read = read_official(files)
    ask = _Asking(yes or not _is_somebody_there())
    code = ask.council(read, council or read.only_council)
    answers = start.Answers(
        name=name or ask("Its name in full", read.councils.get(code, "")),
        kind=kind or ask.kind(),
        starts=starts.date() if starts else ask.day(),
        contact=contact or ask("Whom readers ask (a role)", "Procurement service"),
        key=person_key,
    )
    of_key = start.key_of(person_key)
    with busy("writing the folder; a postcode directory of the country takes half a minute"):
        made = start.make(folder, read, code, files, answers, payments or ())
    echo("\n".join([*made.lines, of_key]))
    echo(f"\nWrote {folder}, with {made.publication.name} to begin with.")
    echo(f"Open {folder / 'NEXT-STEPS.md'}, then: svreport check {made.publication.as_posix()}")
    echo("\nOfficial files, and where to get them:")
    for file in WORDS.files:
        echo(f"  {file.option:14} {file.title} ({file.publisher})")


def _is_somebody_there() -> bool:
    return sys.stdin.isatty()


class _Asking:
    """Asks a person, again until the answer can be used, or takes what is proposed.

    ``is_quiet``: nobody is there to answer.
    """

    def __init__(self, is_quiet: bool) -> None:
        self.is_quiet = is_quiet

    def __call__(
        self, question: str, proposed: str, read: Callable[[str], Any] = str, hint: bool = True
    ) -> Any:
        """The answer as ``read`` makes it: it raises BadParameter for one that will not do."""
        if self.is_quiet:
            return read(proposed)
        default = proposed if proposed or not hint else None
        return typer.prompt(question, default=default, value_proc=read, show_default=hint)

    def council(self, read: Any, given: str) -> str:
        """The code of the council, by its name or code in the files. ``given``: what is known."""
        from sv_lib.errors import ParameterError
        from sv_lib.publish.start.council_folder import code_of

        if given or self.is_quiet:
            return code_of(given, read)

        def known(said: str) -> str:
            try:
                return code_of(said.strip(), read)
            except ParameterError as fault:
                raise typer.BadParameter(f"{fault.found}: {fault.remedy}") from None

        names = ", ".join(list(read.councils.values())[:SHOWN])
        return str(self(f"Which council ({names or 'its code'})", "", known))

    def kind(self) -> Any:
        """The kind of the first report."""

        def known(said: str) -> str:
            kind = said.strip().casefold()
            if kind not in get_args(ReportKind):
                raise typer.BadParameter(f"'{said}' is neither annual nor mid-year")
            return kind

        return self("annual or mid-year", "annual", known)

    def day(self) -> date | None:
        """A day; None where the last year of the payments will do."""

        def read(said: str) -> date | None:
            said = said.strip()
            if not said:
                return None
            for form in DAYS:
                with suppress(ValueError):
                    return datetime.strptime(said, form).date()  # noqa: DTZ007 a day
            raise typer.BadParameter(f"'{said}' is no day; write it as 2025-04-01")

        asked = "First day of the year that is reported (2025-04-01; blank: the last year paid in)"
        found: date | None = self(asked, "", read, hint=False)
        return found


def check(params: Params, output_dir: OutputDir = None) -> None:
    """Read the inputs only: what came in, what was found, how much is known, what to add next.

    The same is written as a page, among the runs.
    """
    from sv_lib.figures.calculation import gather
    from sv_lib.home import outputs_beside
    from sv_lib.params import load, name_of
    from sv_lib.publish import check as checking
    from sv_lib.publish.check_coverage import coverage
    from sv_lib.publish.check_history import since_last
    from sv_lib.publish.check_ids import check_figures
    from sv_lib.publish.run.answers import check_answers

    publication = load(params)
    runs = output_dir or outputs_beside(publication.path)
    with busy("reading and checking the inputs"):
        inputs = check_answers(gather(publication), publication)
        inputs = check_figures(inputs, publication, runs)
        known = coverage(inputs, publication)
    screen = console()
    for table in checking.check_tables(inputs, known):
        screen.print(table.on_screen())
    changed = since_last(inputs, publication, known, runs)
    written = checking.write_page(inputs, publication, known, runs, changed)
    print_plain(screen, "\n".join([checking.verdict(inputs), *changed, f"Open {written}"]))
    if inputs.stops:
        raise InputError(
            name_of(params),
            f"{counted(len(inputs.stops), 'finding')} to mend before a run, listed above",
            "a report made from these files would be wrong and look right.",
            "mend the files as said above and check again.",
        )


def returns(params: Params, output: Output = None) -> None:
    """List the returns that suppliers owe by quarter, and which were late, as a workbook.

    Who owes one follows from contracts and their dates, not from what came.
    """
    _worklist("returns", params, output)


def suppliers(params: Params, output: Output = None) -> None:
    """List the suppliers to match, largest first, as a workbook to complete.

    Save it in inputs/supplier_decisions, or name it under 'supplier_decisions' in the inputs.
    """
    _worklist("suppliers", params, output)


def worklist(
    kind: Annotated[
        Literal["suppliers", "contracts", "returns", "proxies", "stories"],
        typer.Argument(metavar="KIND", help="suppliers, contracts, returns, proxies or stories."),
    ],
    params: Params,
    output: Output = None,
) -> None:
    """Make a worklist as a workbook: what is missing, largest first, to be completed.

    Suppliers to place; payments without a contract; returns owed; measures without a price;
    stories without consent. The workbook says where it goes once it is completed.
    """
    _worklist(kind, params, output)


def _worklist(
    kind: Literal["suppliers", "contracts", "returns", "proxies", "stories"],
    params: Path,
    output: Path | None,
) -> None:
    """Write a worklist, and print what it comes to."""
    from sv_lib.intake.pipeline import read_inputs, require
    from sv_lib.params import load
    from sv_lib.publish.files import worklists

    publication = load(params)
    inputs = read_inputs(publication)
    if kind != "stories":  # a story without consent stops everything else
        require(inputs)
    for line in worklists.write(kind, publication, inputs, output):
        echo(line)


def new(
    params: Annotated[Path, typer.Argument(metavar="PARAMS", help="The parameter file to write.")],
    source: Annotated[
        Path, typer.Option("--from", metavar="PARAMS", help="Last year's parameter file.")
    ],
) -> None:
    """Write the next period's parameter file: last year's with its dates and file names moved on.

    It names last year's as the one before, and lists what is needed for the new period.
    """
    from sv_lib.publish.new import needed, next_period

    left = next_period(source, params)
    echo(f"Wrote {params} with every date a year later.")
    if left:
        echo("Check these lines, which name a year and were left as they are:")
        for line in left:
            echo(f"  {line}")
    wanted = needed(params)
    echo("Needed for the new period:" if wanted else "All its files are there already.")
    for line in wanted:
        echo(f"  {line}")
    echo(f"Then: svreport check {params.as_posix()}")


def upgrade(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A council's folder.")],
) -> None:
    """Bring a council's folder of version 0.1 to how parameters and tables are written now.

    Each file that is changed is kept as it was, in the folder before-upgrade.
    """
    from sv_lib.publish import upgrade as upgrading

    changed = upgrading.upgrade(folder)
    for line in changed:
        echo(line)
    if changed:
        echo(f"Kept as they were: {(folder / upgrading.KEPT).as_posix()}")
    else:
        echo("Nothing to change: it is read as it is.")


def list_publications(
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="A council's folder, or that of several.")
    ] = Path("params"),
    output_dir: OutputDir = None,
) -> None:
    """Show councils, their publications, whether each was made, and when it is due."""
    from sv_lib.publish import publications, terminal_tables

    with busy("looking at the runs"):
        found = publications.listed(folder, output_dir)
    rows = [one.cells for one in found]
    screen = console()
    screen.print(terminal_tables.table("Publications", publications.HEADINGS, rows))
    today = datetime.now().astimezone().date()
    for one in publications.overdue(found, today):
        print_plain(screen, f"Past its day and not published: {one.file}")


def lab(
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="A council's folder, or that of several.")
    ] = Path("params"),
) -> None:
    """Write a start page for JupyterLab: the publications at hand, each with its notebooks."""
    from sv_lib.publish import lab_folder

    with busy("looking at the publications"):
        page = lab_folder.write(folder)
    echo(f"Open {page} in JupyterLab.")


def pack(
    run_dir: RunDir,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The zip to write; by default beside it.")
    ] = None,
) -> None:
    """Pack a run for e-mail: one zip of its public files alone, checked, under 10 MB."""
    from sv_lib.publish.pack import pack as write_zip

    echo("\n".join(write_zip(run_dir, output)))


COMMANDS: dict[str, Callable[..., None]] = {
    "init": init,
    "check": check,
    "returns": returns,
    "suppliers": suppliers,
    "worklist": worklist,
    "list": list_publications,
    "lab": lab,
    "new": new,
    "pack": pack,
    "upgrade": upgrade,
}
"""Each command by its name, in the order of the help."""
