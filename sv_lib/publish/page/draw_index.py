"""The index page of a run, drawn by a worker: the process of the run has no renderer loaded."""

from __future__ import annotations

from typing import Any


def draw_index(about: tuple[Any, ...]) -> str:
    """The page as HTML; ``about`` is what ``index_page`` takes."""
    from sv_lib.publish.page.index import index_page

    return index_page(*about)
