"""Each notebook runs as it is and shows what it showed before, cell by cell (nbval)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
HERE = Path(__file__).resolve().parent
REFERENCES = ("annual", "mid_year", "briefing", "ward", "methods")


SHARED = """
import sys
sys.path.append({tests!r})
import made_once
from sv_lib.figures import calculation
calculation.calculate, calculation.gather = made_once.calculate, made_once.gather
"""
"""What a kernel begins with: four of the notebooks open the same publication."""


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of kernels that share their calculations with the other tests."""
    folder = tmp_path_factory.mktemp("ipython")
    startup = folder / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "shared.py").write_text(SHARED.format(tests=str(HERE.parent)), encoding="utf-8")
    return {**os.environ, "IPYTHONDIR": str(folder)}


@pytest.mark.parametrize("name", REFERENCES)
def test_a_notebook_shows_what_it_showed_before(kernels: dict[str, str], name: str) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--nbval",
    ]
    options = ["--nbval-kernel-name=python3", f"--nbval-sanitize-with={HERE / 'not_compared.cfg'}"]
    done = subprocess.run(
        [*command, *options, str(HERE / f"{name}.ipynb")],
        cwd=HERE,
        env=kernels,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (
        f"{name}.ipynb shows something else; if it is meant: python "
        f"tests/notebooks/make.py\n{done.stdout[-4000:]}"
    )


def test_every_reference_holds_what_a_reader_would_see() -> None:
    for name in REFERENCES:
        text = (HERE / f"{name}.ipynb").read_text(encoding="utf-8")
        assert text.count('"text/html"') >= 4
        assert "Demonstration: synthetic data" in text
