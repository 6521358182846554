"""Make ``.venv`` from nothing: every package of ``requirements.lock``, each checked against its
hash.

Run by ``make`` with the newest suitable Python on the path. It uses only the standard library,
and pip as the machine has it set up (a council's own mirror, proxy or certificates included).
Packages that come as source are built with the locked setuptools, so that nothing unlocked takes
part.
"""

from __future__ import annotations

import compileall
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
FOLDER = ROOT / ".venv"
BUILD_TOOL = "setuptools"


def main() -> None:
    """Make the environment. Stop with one plain sentence on a Python that is too old or too new."""
    refuse_other_pythons()
    leave_active_environment()
    say(f"Setting up .venv with Python {sys.version.split()[0]}: once, about a minute ...")
    venv.create(FOLDER, clear=True, with_pip=True)
    with tempfile.TemporaryDirectory() as folder:
        build_tool = Path(folder) / "build.lock"
        build_tool.write_text(locked(BUILD_TOOL), encoding="utf-8")
        install(build_tool)
    install(LOCK)
    say("Compiling ...")
    compileall.compile_dir(FOLDER, quiet=2, workers=0)


def refuse_other_pythons() -> None:
    """Stop unless ``pyproject.toml`` allows this Python, for which the lock was resolved."""
    allowed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "requires-python"
    ]
    bounds = [
        tuple(int(part) for part in bound.split(".")) for bound in re.findall(r"\d+\.\d+", allowed)
    ]
    if not bounds[0] <= sys.version_info[:2] < bounds[1]:
        sys.exit(f"Python {sys.version.split()[0]} cannot run this project, which needs {allowed}.")


def leave_active_environment() -> None:
    """Go on with the Python behind an active environment, which cannot remake itself."""
    if sys.prefix != sys.base_prefix:
        base = (
            Path(sys.base_prefix)
            / "bin"
            / f"python{sys.version_info.major}.{sys.version_info.minor}"
        )
        os.execv(base, [str(base), *sys.argv])  # noqa: S606 a fixed path, this same script


def locked(package: str) -> str:
    """The lines of one package in the lock: its version and its hashes."""
    block = re.search(
        rf"^{package}==(?:.*\\\n)*.*\n", LOCK.read_text(encoding="utf-8"), re.MULTILINE
    )
    if block is None:
        sys.exit(f"requirements.lock does not hold {package}; run 'make lock'.")
    return block.group()


def install(requirements: Path) -> None:
    """Install exactly what a locked file says; a package whose hash differs stops everything."""
    python = FOLDER / "bin" / "python"
    options = ["--require-hashes", "--no-deps", "--no-compile", "--disable-pip-version-check"]
    options += [
        "--no-build-isolation",
        "--use-pep517",
    ]  # built with the locked tools, by the one standard way
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", *options, "--requirement", requirements]
    )
    if done.returncode:
        sys.exit(
            "The packages could not be installed; pip's own message above says why. "
            "Then run make again."
        )


def say(words: str) -> None:
    """Tell the person waiting one line, at once."""
    print(words, flush=True)


if __name__ == "__main__":
    main()
