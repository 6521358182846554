"""Where files lie: notebooks and councils that come with the package, and what a run makes."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent
INSTALLED = PACKAGE / "share"
"""Where an installed package has them; a clone has them beside the package."""
HOME = INSTALLED if INSTALLED.is_dir() else PACKAGE.parent
NOTEBOOKS = HOME / "notebooks"
EXAMPLE = HOME / "params" / "rotherham-demo"
SAMPLE = HOME / "params" / "sample"
"""A council invented to be read whole in ten minutes."""


def beside_notebooks(params_file: str) -> str:
    """A path as our notebooks write it, "../params/...", found from wherever they are run."""
    path = Path(params_file)
    written = NOTEBOOKS / path
    is_elsewhere = not path.is_file() and written.is_file()
    return str(written.resolve()) if is_elsewhere else params_file


def outputs_beside(params_file: Path) -> Path:
    """Where runs are kept: beside the council's folder, or beside the ``params`` that holds it."""
    beside = params_file.resolve().parent.parent
    return (beside.parent if beside.name == "params" else beside) / "outputs"
