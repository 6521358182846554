"""Plant faults in the method and the figures, one by one, and count how many the tests find.

Run by ``make mutation``. mutmut plants them, in a copy of the project for each room. Of
what values claims and promises every fault is tried, by the method's own tests. Of the counting of
people and of the figures a sample is tried, which the seed alone chooses; its share has an
interval.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from sv_lib.analysis.reach import interval

ROOT = Path(__file__).resolve().parent.parent
COPIES = ROOT / "build" / "mutation"
COPIED = ("params", "docs", "notebooks", "scripts", "Makefile", "README.md", "pyproject.toml")
"""What the tests read beside the package and themselves."""
MUTMUT = (sys.executable, "-m", "mutmut", "run", "--max-children", "1")
SEED = 2022
WANTED_PCT = 85
SURVIVED, NOT_TRIED = 0, None
OUT_OF_TIME = (36, -24, 24, 152)
"""What mutmut writes down where the tests were ended for taking too long: no verdict."""
GOLDEN = ("tests/golden/test_golden.py", "tests/golden/test_every_figure.py")


class Room(NamedTuple):
    """Where faults are planted: ``files`` of the package.

    ``tests`` look for them, but for ``too_long``: councils drawn by chance, ten minutes a fault.
    ``sample``: how many faults are tried; all of them where it is nought.
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]
    too_long: tuple[str, ...] = ()
    sample: int = 0


ROOMS = {
    "method": Room(
        tuple(f"sv_lib/toms/{name}.py" for name in ("valuation", "states", "overlaps")),
        ("tests/unit/toms", *GOLDEN),
    ),
    "people": Room(("sv_lib/toms/people.py",), ("tests/unit/toms", *GOLDEN), sample=150),
    "figures": Room(
        ("sv_lib/figures/*.py",),
        ("tests/unit/figures", *GOLDEN),
        tuple(
            f"tests/unit/figures/test_{name}.py"
            for name in ("councils_over_years", "drawn_councils")
        ),
        sample=160,
    ),
}


def main() -> None:
    """Plant, try, and say what share is found; the exit code is 1 where that is too little.

    The rooms to try may be named.
    """
    chosen = sys.argv[1:] or list(ROOMS)
    enough = [_is_enough(name, ROOMS[name]) for name in chosen]
    sys.exit(not all(enough))


def _is_enough(name: str, room: Room) -> bool:
    folder = _copy(name, room)
    names = list[str]()
    if room.sample:
        # Asked for a fault that there is not, mutmut writes down those that there are, and fails.
        subprocess.run([*MUTMUT, "none"], cwd=folder, check=False, capture_output=True)
        names = sorted(_verdicts(folder))
        names = random.Random(SEED).sample(names, room.sample)  # noqa: S311 no secret hangs on it
    subprocess.run([*MUTMUT, *names], cwd=folder, check=True)
    return _say(name, _verdicts(folder))


def _copy(name: str, room: Room) -> Path:
    """A copy of the project that says to mutmut what to plant where."""
    folder = COPIES / name
    shutil.rmtree(folder, ignore_errors=True)
    for place in ("sv_lib", "tests"):
        shutil.copytree(ROOT / place, folder / place)
    for place in COPIED:
        copy = shutil.copytree if (ROOT / place).is_dir() else shutil.copy2
        copy(ROOT / place, folder / place)
    ignored = [f"--ignore={path}" for path in room.too_long]
    settings = {
        "source_paths": ["sv_lib"],
        "only_mutate": room.files,
        "also_copy": COPIED,
        "pytest_add_cli_args": ["-x", "-m", "not slow", *ignored],
        "pytest_add_cli_args_test_selection": room.tests,
        # Some tests change what later ones in the same process would import.
        "process_isolation": ("forkserver",),
    }
    lines = [f"{key} = " + "\n  ".join(values) for key, values in settings.items()]
    (folder / "setup.cfg").write_text("[mutmut]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _verdicts(folder: Path) -> dict[str, int | None]:
    """Return the exit code of the tests for every fault of a copy.

    ``NOT_TRIED`` stands where the tests were not run on it.
    """
    return {
        name: code
        for file in sorted((folder / "mutants").rglob("*.meta"))
        for name, code in json.loads(file.read_text())["exit_code_by_key"].items()
    }


def _say(room: str, verdicts: dict[str, int | None]) -> bool:
    tried = {name: code for name, code in verdicts.items() if code is not NOT_TRIED}
    missed = [name for name, code in tried.items() if code == SURVIVED]
    undecided = [name for name, code in tried.items() if code in OUT_OF_TIME]
    found = len(tried) - len(missed) - len(undecided)
    low, high = (f"{100 * bound:.0f}%" for bound in interval(found, len(tried)))
    sample = (
        ""
        if len(tried) == len(verdicts)
        else f", a sample of {len(verdicts):,}: 95% interval {low} to {high}"
    )
    print(
        f"{room}: {found} of {len(tried)} found, {100 * found / len(tried):.1f}%{sample}",
        *missed,
        *(f"{name}: out of time, no verdict" for name in undecided),
        sep="\n  ",
    )
    return 100 * found >= WANTED_PCT * len(tried)


if __name__ == "__main__":
    main()
