"""Where the files lie that come with the package and are not part of it: notebooks and the demo."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent
INSTALLED = PACKAGE / "share"
"""Where an installed package has them; a clone has them beside the package."""
HOME = INSTALLED if INSTALLED.is_dir() else PACKAGE.parent
NOTEBOOKS = HOME / "notebooks"
EXAMPLE = HOME / "params" / "rotherham-demo"
