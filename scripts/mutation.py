"""Plant faults in the method and the figures, one by one, and count how many the tests find.

Run by ``make mutation``. mutmut plants them, in a copy of the project under ``mutants``. Of the
method every fault is tried. Of the figures a sample is tried, which the seed alone chooses; its
share has an interval.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

from sv_lib.analysis.reach import interval

ROOT = Path(__file__).resolve().parent.parent
METHOD, FIGURES = "sv_lib/toms", "sv_lib/figures"
SAMPLE, SEED = 160, 2022
WANTED_PCT = 85
SURVIVED, NOT_TRIED = 0, None


def main() -> None:
    """Plant, try, and say what share is found; the exit code is 1 where that is too little."""
    _try("sv_lib.toms.*")
    names = sorted(_verdicts(FIGURES))
    _try(*random.Random(SEED).sample(names, SAMPLE))  # noqa: S311 no secret hangs on it
    enough = [_say(folder) for folder in (METHOD, FIGURES)]
    sys.exit(not all(enough))


def _try(*names: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names], cwd=ROOT, check=True
    )


def _verdicts(folder: str) -> dict[str, int | None]:
    """Return the exit code of the tests for every fault of a folder.

    ``NOT_TRIED`` stands where the tests were not run on it.
    """
    files = sorted((ROOT / "mutants" / folder).glob("*.meta"))
    return {
        name: code
        for file in files
        for name, code in json.loads(file.read_text())["exit_code_by_key"].items()
    }


def _say(folder: str) -> bool:
    verdicts = _verdicts(folder)
    tried = {name: code for name, code in verdicts.items() if code is not NOT_TRIED}
    missed = [name for name, code in tried.items() if code == SURVIVED]
    found = len(tried) - len(missed)
    low, high = (f"{100 * bound:.0f}%" for bound in interval(found, len(tried)))
    sample = (
        ""
        if len(tried) == len(verdicts)
        else f", a sample of {len(verdicts):,}: 95% interval {low} to {high}"
    )
    print(
        f"{folder}: {found} of {len(tried)} found, {100 * found / len(tried):.1f}%{sample}",
        *missed,
        sep="\n  ",
    )
    return 100 * found >= WANTED_PCT * len(tried)


if __name__ == "__main__":
    main()
