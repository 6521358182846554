"""Make the README's pictures from the pages of a real run.

python scripts/pictures.py (needs pdftoppm)
"""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = ROOT / "outputs" / "rotherham-demo"
PICTURES = {
    "mid-year": (RUNS / "2022-mid-year/mid-year.pdf", 1),
    "annual": (RUNS / "2022-annual/annual.pdf", 3),
    "ward": (RUNS / "2022-annual/wards/E05013006.pdf", 1),
    "methods": (RUNS / "2022-annual/methods.pdf", 1),
}


def main() -> None:
    """Write one PNG a report under docs/pictures."""
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(exist_ok=True)
    for name, (pdf, page) in PICTURES.items():
        pages = ["-f", str(page), "-l", str(page), "-singlefile"]
        subprocess.run(
            ["pdftoppm", "-png", "-r", "80", *pages, str(pdf), str(folder / name)], check=True
        )


if __name__ == "__main__":
    main()
