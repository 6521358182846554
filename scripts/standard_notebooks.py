"""Write the hashes of the notebooks that come with svreport: ``make references``.

By them a run tells whether a council edited one.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from sv_lib.home import NOTEBOOKS
from sv_lib.publish.page import own_cells

PAGE = Path(own_cells.__file__).with_name("standard_notebooks.yaml")
HEAD = "# The hash of each cell of the standard notebooks, as written. Made by `make references`.\n"


def text() -> str:
    """The file as it has to be."""
    names = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
    hashes = {name: own_cells.written(NOTEBOOKS / f"{name}.ipynb") for name in names}
    return HEAD + yaml.safe_dump(hashes)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
