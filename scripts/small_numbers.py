"""What each attack on small numbers gave, counted on finished run folders and written into
docs/small-numbers.md.

python -m scripts.small_numbers PARAMS=RUN_FOLDER [PARAMS=RUN_FOLDER ...]
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sized
from pathlib import Path

import numpy as np

from sv_lib.analysis import disclosure
from sv_lib.figures.calculation import calculate, gather
from sv_lib.figures.saved import Calculation, Secrets
from sv_lib.params import load
from sv_lib.publish.audit.attack import Search

PAGE = Path(__file__).resolve().parents[1] / "docs" / "small-numbers.md"
HEADING, NEXT = "## What each attack gave on the demonstration\n", "## What it cannot do"
LEAD = """Made by `make attacks`: `analysis.disclosure.leaks` on the cells of each public
run, and the search of `publish/audit/attack.py` over every file of its finished folder.

"""


def main(*given: str) -> None:
    """Count each run, write and print the table."""
    runs = [counted(*map(Path, one.split("=", 1))) for one in given]
    lines = [
        "| attack | " + " | ".join(run.pop("run") for run in runs) + " |",
        "| --- |" + " --- |" * len(runs),
    ]
    lines += [
        "| " + " | ".join([attack, *(run[attack] for run in runs)]) + " |" for attack in runs[0]
    ]
    page = PAGE.read_text(encoding="utf-8")
    above, below = page.partition(HEADING)[0], page.partition(NEXT)[2]
    PAGE.write_text(
        f"{above}{HEADING}{LEAD}" + "\n".join(lines) + f"\n\n{NEXT}{below}", encoding="utf-8"
    )
    print(*lines, sep="\n")


def counted(params: Path, folder: Path) -> dict[str, str]:
    """Attack -> what it gave, in words, on one finished run; and ``run``, its name. Stops if the
    run
    is another.
    """
    publication = load(params)
    made = calculate(publication, gather(publication))
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        published = {row["figure_id"]: row["value"] for row in csv.DictReader(file)}
    if made.secrets is None or published != {figure.id: figure.exact for figure in made.trail}:
        sys.exit(f"{folder} is not a public run of {params} as it is now: run it again")
    return {
        "run": publication.file.publication,
        **_worked_out(made, made.secrets),
        **_looked_for(made.secrets, folder),
    }


def _worked_out(made: Calculation, secrets: Secrets) -> dict[str, str]:
    """By a linear program, from the figures that are printed; in an annual report, together with
    its
    mid-year one.
    """
    cells, hidden = secrets.cells, secrets.is_hidden
    bare = disclosure.leaks(cells, cells.is_small)
    exact = sum(leak.low == leak.high for leak in bare)
    return {
        "figures of the run; of them hidden": _pair(
            len(made.trail), sum(one.kind == "hidden" for one in made.trail)
        ),
        "groups of people that figures stand on, with the differences a reader would "
        "take; of them few people": _pair(len(cells.names), int(np.sum(cells.is_small))),
        "of these groups, those of the mid-year "
        "report, which stay as that printed them": f"{int(np.sum(cells.is_settled)):,}",
        "had only the few been hidden: worked out from totals, parts and differences; "
        "of them to the exact number": _pair(len(bare), exact),
        "as published, others hidden beside them: groups hidden in all; few people "
        "worked out": _pair(int(np.sum(hidden)), len(disclosure.leaks(cells, hidden))),
    }


def _looked_for(secrets: Secrets, folder: Path) -> dict[str, str]:
    """By the search of every file."""
    search, paths = Search(secrets), [path for path in sorted(folder.rglob("*")) if path.is_file()]
    found = [leak for path in paths for leak in search.leaks(path, folder)]
    kinds: dict[str, tuple[Sized, str]] = {
        "hidden pounds, weeks and FTE of many digits, looked for anywhere; found": (
            search.amounts,
            "stands in it",
        ),
        "hidden numbers as they would be printed, looked for beside the name of what "
        "they count; found": (search.counts, "stands beside the name"),
        "hidden figures, values looked for beside their ids (pages, CSV, workbooks, "
        "ledger); found": (secrets.figures, "stands beside its id"),
        "names, claims and stories of the exempt build alone; found": (
            secrets.words,
            "of the exempt build",
        ),
        "rows of claims on people, looked for one by one in tables and trail; found": (
            secrets.rows,
            "listed in it",
        ),
    }
    found_of = {
        what: _pair(len(sought), sum(words in leak for leak in found))
        for what, (sought, words) in kinds.items()
    }
    return {"files of the finished folder": f"{len(paths):,}", **found_of}


def _pair(first: int, second: int) -> str:
    return f"{first:,}; {second:,}" if second else f"{first:,}; **0**"


if __name__ == "__main__":
    main(*sys.argv[1:])
