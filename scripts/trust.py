"""Let faults, attacks and noise loose for as long as is asked, and write docs/trust.md.

python -m scripts.trust [MINUTES]        minutes of noise for the readers, over all of them
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from scripts import audit

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "trust.md"
HEAD = """# Trust: what was done to it, and what it did

Made by `make trust`. Each line counts tests that passed; what could not run here is counted too,
and is not trust.
[SECURITY.md](../SECURITY.md) says what is promised, `tests/faults` and `tests/hostile` hold the
cases.

| what was done | count |
| --- | --- |
"""

BY_HAND = "## What was found"
"""What stands below on the page is written by people, and stays."""


def main(minutes: str = "60") -> int:
    """Run the tests of trust, write and print the page; pytest's own exit code."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder, "found.xml")
        asked = os.environ | {"FUZZ_MINUTES": minutes}
        tests = [str(ROOT / "tests" / name) for name in ("faults", "hostile")]
        command = [
            sys.executable,
            "-m",
            "pytest",
            *tests,
            "-n",
            "2",
            "--dist",
            "loadfile",
            f"--junitxml={found}",
        ]
        done = subprocess.run(command, cwd=ROOT, env=asked, check=False)
        rows = count(found) | {"known weaknesses of the locked packages": audit.ask()[1]}
    text = HEAD + "".join(f"| {what} | {number} |\n" for what, number in rows.items())
    text += (
        f"\nPython {platform.python_version()}, {platform.system()}, {os.cpu_count()} "
        f"processors.\n\n"
    )
    text += BY_HAND + PAGE.read_text(encoding="utf-8").partition(BY_HAND)[2]
    PAGE.write_text(text, encoding="utf-8")
    print(text)
    return done.returncode


def count(found: Path) -> dict[str, str]:
    """Add up what the tests report: cases by kind, noise files, hours, failures, tests not run.

    A property ``trust`` names what one case counts as; any other is a number of what its name says.
    """
    counts: Counter[str] = Counter()
    for case in ElementTree.parse(found).iter("testcase"):  # noqa: S314 written by pytest a moment ago
        failed = case.find("failure") is not None or case.find("error") is not None
        counts["failed"] += failed
        counts["did not run here"] += case.find("skipped") is not None
        for said in [] if failed else case.iter("property"):
            name, value = said.get("name", ""), said.get("value", "")
            counts[value if name == "trust" else name] += 1 if name == "trust" else int(value)
    hours = counts.pop("seconds of noise", 0) / 3600
    rows = {
        what: f"{number:,}" for what, number in sorted(counts.items()) if number or what == "failed"
    }
    return rows | {"hours of noise": f"{hours:.2f}"}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
