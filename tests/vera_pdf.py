"""veraPDF over PDF files: every machine rule of PDF/UA-1, one Java process for all files."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent / "verapdf"
LIBRARIES = Path(sys.prefix) / "verapdf-1.28.2"
"""Fetched once for each virtual environment, about 9 MB."""
DID_NOT_RUN = "veraPDF did not run"


class Verdict(NamedTuple):
    """How many checks were made of a file, and the rules that failed."""

    checks: int
    failed: list[str]


def why_not() -> str:
    """Fetch the libraries when they are not here yet; the reason when veraPDF cannot run, else
    nothing.
    """
    if not _answers("javac"):
        return f"{DID_NOT_RUN}: this machine has no Java development kit (17 or later)"
    if LIBRARIES.is_dir():
        return ""
    if not _answers("mvn"):
        return f"{DID_NOT_RUN}: this machine has no Maven to fetch its libraries with"
    part = LIBRARIES.with_suffix(".part")
    fetch = [
        "mvn",
        "--quiet",
        "--batch-mode",
        "--strict-checksums",
        "--file",
        str(HERE / "pom.xml"),
    ]
    for _ in range(3):  # a network may fail for a moment
        done = subprocess.run(
            [*fetch, "dependency:copy-dependencies", f"-DoutputDirectory={part}"],
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            part.rename(LIBRARIES)
            return ""
    return f"{DID_NOT_RUN}: its libraries could not be fetched: {done.stdout.strip()[:300]}"


def _answers(command: str) -> bool:
    """Whether a command is there and works (macOS has a stand-in for Java that does not)."""
    return (
        bool(shutil.which(command))
        and not subprocess.run([command, "-version"], capture_output=True).returncode
    )


def verdicts(files: Sequence[Path]) -> dict[Path, Verdict]:
    """What veraPDF finds in each file."""
    command = ["java", "-cp", f"{LIBRARIES}/*", str(HERE / "Check.java"), *map(str, files)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = (line.split("\t") for line in said.splitlines())
    return {
        Path(path): Verdict(int(checks), failed.split("; ") if failed else [])
        for path, checks, failed in lines
    }
