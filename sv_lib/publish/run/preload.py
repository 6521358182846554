"""Loads everything a report needs, and uses it once.

Imported by the process from which the processes of reports are forked, so that each begins with
libraries, typeface, design and templates ready. This happens while the calculation is under way.
"""

from __future__ import annotations

import sys
from datetime import date
from importlib import import_module

from sv_lib.publish.run import environment

environment.isolate()  # before any library is looked for
environment.settle()

LATE = (
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "afcharts",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "papermill",
    "sv_lib.present.explore",
    "sv_lib.present.sections",
    "sv_lib.publish.files.workbook",
    "sv_lib.publish.page.index",
    "sv_lib.publish.page.lab",
    "sv_lib.publish.page.pdf",
    "sv_lib.publish.run.engine",
    "sv_lib.publish.run.report_task",
)
"""Modules that are loaded when first needed, which would be in the process of every report."""


def _say_nothing(*_: object) -> None:
    """A worker that cannot start is told of by the run, not beside its message."""


def _make_a_page() -> None:
    """Make a small report, for what libraries load only when they are first used."""
    import matplotlib
    from nbformat import v4

    from sv_lib.present import fonts
    from sv_lib.present.drawing import Canvas
    from sv_lib.publish.page.context import PageContext
    from sv_lib.publish.page.html import to_html
    from sv_lib.publish.page.paper import paper, read
    from sv_lib.publish.page.typefaces import typefaces

    # A matplotlibrc in the working directory could have it start a typesetter.
    matplotlib.rcdefaults()
    canvas = Canvas(width=9, height=9)
    canvas.text(0, 0, "Warm")
    canvas.text(0, 0, "Warm", bold=True)
    canvas.svg()
    # How wide the letters are, the regular ones and the semibold.
    fonts.width("Warm", 1)
    fonts.wrapped("Warm and warmer", 1, 1)
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# Warm")])
    context = PageContext("Warm", "", "", "", "", "", date(2000, 1, 1))
    page = to_html(notebook, context)
    paper(read(page))
    # No PDF is made: Typst's threads would not be there in a forked process, which would wait for
    # them for ever.
    typefaces()


def _read_words() -> None:
    """Read the sentences that every report prints."""
    from sv_lib.present import prose

    prose.read_words("prose.yaml")
    prose.read_words("page_tables.yaml")
    prose.read_words("prose_asked.yaml")


sys.excepthook = _say_nothing
for name in LATE:
    import_module(name)
_make_a_page()
_read_words()
