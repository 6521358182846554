"""Execute the notebooks of the pages on the demonstration and keep them, outputs and all, as
references for nbval.

Run it after a change that is meant to move what the notebooks show: ``python
tests/notebooks/make.py``. The difference in git is then the difference that a reader of the reports
will see.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import papermill

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MID_YEAR, ANNUAL = (
    f"../../params/rotherham-demo/2022-{kind}.yaml" for kind in ("mid-year", "annual")
)
REFERENCES = {
    "mid_year": ("main", {"params_file": MID_YEAR}),
    "annual": ("main", {"params_file": ANNUAL}),
    "briefing": ("briefing", {"params_file": MID_YEAR}),
    "ward": ("ward", {"params_file": MID_YEAR, "ward": "E05013006"}),
    "methods": ("methods", {"params_file": MID_YEAR}),
}
"""Each kept notebook: the notebook that makes it, and its parameters."""


def main() -> None:
    """Write each reference beside this file."""
    for name, (notebook, parameters) in REFERENCES.items():
        kept = HERE / f"{name}.ipynb"
        made = papermill.execute_notebook(
            ROOT / "notebooks" / f"{notebook}.ipynb", None, parameters, cwd=HERE, progress_bar=False
        )
        made.metadata = {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
        }
        for number, cell in enumerate(made.cells):
            cell.id, cell.metadata = f"cell-{number}", {}
            for output in cell.get("outputs", []):
                without_style(output.get("data", {}))
        nbformat.write(made, kept)


def without_style(data: dict[str, str]) -> None:
    """Leave out of an output what nbval is told not to compare: ``not_compared.cfg``."""
    if "text/html" in data:
        data["text/html"] = re.sub(
            "<style>.*?</style>", "<style></style>", data["text/html"], flags=re.DOTALL
        )


if __name__ == "__main__":
    main()
