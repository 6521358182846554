"""Check what Python packages cannot bring: pip itself, and the tools that tests open pages with.

Run by ``make`` before anything else. As root on Debian or Ubuntu what is missing is installed with
apt; for anyone else one message names the exact packages. ``--for-tests`` adds the browser
and the PDF tools that only the tests need.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """Something the machine must have, and the packages that hold it.

    A command or a Python module.
    """

    what: str
    commands: tuple[str, ...] = ()
    module: str = "sys"
    debian: str = ""
    fedora: str = ""
    brew: str = ""
    conda: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the machine has it. One of several commands is enough."""
        has_command = not self.commands or any(shutil.which(command) for command in self.commands)
        has_module = importlib.util.find_spec(self.module) is not None
        return has_command and has_module


VENV = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
FOR_REPORTS = (
    Need(
        "pip for a virtual environment",
        module="ensurepip",
        debian=VENV,
        fedora="python3-pip",
        brew="python",
    ),
)
FOR_TESTS = (
    Need(
        "a browser, to test pages",
        commands=("chromium", "chromium-browser", "google-chrome"),
        debian="chromium",
        fedora="chromium",
        brew="chromium",
    ),
    Need(
        "PDF tools, to test pages",
        commands=("pdftotext",),
        debian="poppler-utils",
        fedora="poppler-utils",
        brew="poppler",
        conda="poppler",
    ),
)
WELCOME = (
    Need("Java, for veraPDF", commands=("javac",), debian="default-jdk-headless"),
    Need("Maven, for veraPDF", commands=("mvn",), debian="maven"),
)
"""Tests run without these, and say what they then did not check."""


def message(missing: Sequence[Need]) -> str:
    """What is missing, and the one command for each system."""

    def packages(system: str) -> str:
        return " ".join(
            dict.fromkeys(getattr(need, system) for need in missing if getattr(need, system))
        )

    lines = [
        "This machine lacks:",
        *(f"  - {need.what}" for need in missing),
        "Install, then run make again:",
    ]
    lines.append(f"  Debian, Ubuntu    sudo apt-get install {packages('debian')}")
    lines.append(f"  Fedora, RHEL      sudo dnf install {packages('fedora')}")
    lines.append(f"  macOS             brew install {packages('brew')}")
    lines.append(
        "  Windows, conda    conda env create --file environment.yml (it brings what reports need)"
    )
    if packages("conda"):
        lines.append(
            f"                    or: conda install --channel conda-forge {packages('conda')}"
        )
    return "\n".join(lines)


def install_with_apt(missing: Sequence[Need]) -> str:
    """Install the Debian packages. Returns nothing, or what apt said when it failed."""
    packages = " ".join(need.debian for need in missing).split()
    print(f"Installing with apt: {' '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", "--quiet", *command], env=quiet, capture_output=True, text=True
        )
        if done.returncode:
            return f"apt-get {command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    importlib.invalidate_caches()
    return ""


def main(arguments: Sequence[str]) -> None:
    """Return when everything needed is there; otherwise stop with one message."""
    is_for_tests = "--for-tests" in arguments
    has_apt = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None
    missing = [need for need in FOR_REPORTS + FOR_TESTS * is_for_tests if not need.is_met]
    if missing and has_apt:
        if said := install_with_apt(missing):
            sys.exit(f"{said}\n{message(missing)}")
        missing = [need for need in missing if not need.is_met]
    if missing:
        sys.exit(message(missing))
    welcome = [need for need in WELCOME * is_for_tests if not need.is_met]
    if welcome and has_apt and (said := install_with_apt(welcome)):
        print(f"{said}\nThe tests go on; veraPDF will not be among them.", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
