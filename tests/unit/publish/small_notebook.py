"""A notebook of a few cells, as JSON."""

from __future__ import annotations

from typing import Any


def notebook(
    *sources: str, parameters: str = 'params_file = "x"\ncalculation = ""'
) -> dict[str, Any]:
    """A notebook as JSON; its first cell is the parameters cell."""
    cells = [
        {
            "cell_type": "code",
            "id": f"n{number}",
            "source": source,
            "outputs": [],
            "execution_count": None,
            "metadata": {"tags": ["parameters"]} if number == 0 else {},
        }
        for number, source in enumerate((parameters, *sources))
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 "
    b"obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
"""The smallest PDF that can be read: one empty page."""
