"""What each attack on small numbers gave, counted on finished runs for docs/small-numbers.md.

python -m tests.attacks.count PARAMS=RUN_FOLDER [PARAMS=RUN_FOLDER ...]
Exit 1 where a number or a name that is hidden was found.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence, Sized
from itertools import chain, combinations
from pathlib import Path

import numpy as np

from sv_lib.analysis import disclosure
from sv_lib.analysis.disclosure import NOT_PRINTED, Way
from sv_lib.figures.calculation import calculate, gather
from sv_lib.figures.saved import Calculation
from sv_lib.params import Disclosure, load
from tests.attacks.search import Search, leaks_in
from tests.attacks.side_by_side import Publication, attack, told_in
from tests.attacks.sought import Sought, sought_in

PAGE = Path(__file__).resolve().parents[2] / "docs" / "small-numbers.md"
HEADING = "## What each attack gave on the demonstration\n"
NEXT = "## What it cannot do"
LEAD = """Made by `make attacks`: `analysis.disclosure.leaks` on the groups of people of each public
run, and the search of `tests/attacks/search.py` over every file of its finished folder. A leak
fails the build, but for what the earlier publications tell by themselves: that is counted here, and
a finding of the run.

"""
TOGETHER = """

The same reports laid side by side, by `tests/attacks/side_by_side.py`: one unknown for the people
of each claim and home, an equation for every number that any of the reports prints. "Known to be
more than one": what is hidden is not nought, and groups add up, so that two at least are behind it.

"""


def main(*given: str) -> int:
    """Count each run, write and print the table; 1 when anything was found."""
    runs = {}
    found = []
    pairs = [tuple(map(Path, one.split("=", 1))) for one in given]
    for params, folder in pairs:
        public, sought = sought_in(params, folder)
        _require_same(public, folder)
        leaks = leaks_in(folder, sought)
        found += leaks
        runs[folder.name] = _worked_out(public, sought) | _looked_for(sought, folder, leaks)
    attacks = list(next(iter(runs.values())))
    lines = ["| attack | " + " | ".join(runs) + " |", "| --- |" + " --- |" * len(runs)]
    for row in attacks:
        counts = " | ".join(counted[row] for counted in runs.values())
        lines.append(f"| {row} | {counts} |")
    page = PAGE.read_text(encoding="utf-8")
    above, below = page.partition(HEADING)[0], page.partition(NEXT)[2]
    together, told = _side_by_side(pairs)
    found += told
    table = "\n".join(lines) + TOGETHER + "\n".join(together)
    PAGE.write_text(f"{above}{HEADING}{LEAD}{table}\n\n{NEXT}{below}", encoding="utf-8")
    print(table, *found, sep="\n")
    return 1 if found else 0


def _side_by_side(runs: Sequence[tuple[Path, ...]]) -> tuple[list[str], list[str]]:
    """The table of reports laid side by side, alone up to all of them, and what is given away."""
    laid = []
    for params, folder in runs:
        exempt = load(params, "exempt")
        trail = calculate(exempt, gather(exempt)).trail
        laid.append(Publication(folder.name, trail, told_in(folder)))
    rules: Disclosure = exempt.council.disclosure
    lines = [
        "| side by side | small groups | worked out exactly | left fewer numbers than the rule | "
        "known to be more than one |",
        "| --- | --- | --- | --- | --- |",
    ]
    found = []
    for some in chain.from_iterable(combinations(laid, n + 1) for n in range(len(laid))):
        outcome = attack(some, rules)
        names = " + ".join(publication.name for publication in some)
        more = sum(one.low > 1 for one in outcome.found)
        counts = (outcome.groups, outcome.exact, outcome.narrow, more)
        lines.append(f"| {names} | {' | '.join(map('{:,}'.format, counts))} |")
        found += [f"{names}: {one}" for one in outcome.found if one.is_exact or one.is_narrow]
    return lines, found


def _require_same(public: Calculation, folder: Path) -> None:
    """Stop if the folder is not a run of the parameters as they are now."""
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        published = {row["figure_id"]: row["value"] for row in csv.DictReader(file)}
    if published != {figure.id: figure.exact for figure in public.trail}:
        sys.exit(f"{folder} is not a public run of its parameters as they are now: run it again")


def _worked_out(public: Calculation, sought: Sought) -> dict[str, str]:
    """By a linear program, from the figures that are printed."""
    cells, decided = sought.cells, sought.decided
    sizes = (cells.members @ cells.people).tolist()
    only_few_hidden = [
        ways[0] if is_small or len(ways) == 1 else Way(size, size)
        for ways, is_small, size in zip(cells.ways, cells.is_small, sizes, strict=True)
    ]
    bare = disclosure.leaks(cells, only_few_hidden)
    exact = sum(leak.low == leak.high for leak in bare)
    hidden_figures = sum(figure.kind == "hidden" for figure in public.trail)
    bands = sum(figure.high is not None for figure in public.trail)
    ids = {figure.id for figure in public.trail}
    settled = sum(not ids.issuperset(names) for names in cells.names)
    hidden = sum(not way.is_exact for way in decided if way != NOT_PRINTED)
    return {
        "figures of the run; of them hidden": _pair(len(public.trail), hidden_figures),
        "of the hidden ones, those that count people and are told as a range": f"{bands:,}",
        "groups of people that figures stand on, with the differences a reader would take; of "
        "them few people": _pair(len(cells.names), int(np.sum(cells.is_small))),
        "of these groups, those of earlier publications, which stay as they were printed": (
            f"{settled:,}"
        ),
        "had only the few been hidden: worked out from totals, parts and differences; of them to "
        "the exact number": _pair(len(bare), exact),
        "as published, others hidden beside them: groups hidden in all; few people worked "
        "out": _pair(hidden, len(disclosure.leaks(cells, decided))),
    }


def _looked_for(sought: Sought, folder: Path, leaks: list[str]) -> dict[str, str]:
    """By the search of every file."""
    search = Search(sought)
    files = sum(path.is_file() for path in folder.rglob("*"))
    kinds: dict[str, tuple[Sized, str]] = {
        "hidden pounds, weeks and FTE of many digits, looked for anywhere; found": (
            search.amounts,
            "stands in it",
        ),
        "hidden numbers as they would be printed, looked for beside the name of what they count; "
        "found": (search.counts, "stands beside the name"),
        "hidden figures, values looked for beside their ids (pages, CSV, workbooks); found": (
            sought.figures,
            "stands beside its id",
        ),
        "names, claims and stories of the exempt build alone; found": (
            sought.words,
            "of the exempt build",
        ),
        "rows of claims on people, looked for one by one in tables and trail; found": (
            sought.rows,
            "listed in it",
        ),
    }
    found = {"files of the finished folder": f"{files:,}"}
    for what, (looked_for, words) in kinds.items():
        found[what] = _pair(len(looked_for), sum(words in leak for leak in leaks))
    return found


def _pair(first: int, second: int) -> str:
    return f"{first:,}; {second:,}" if second else f"{first:,}; **0**"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
