"""Everything a report needs, loaded and used once: imported by the process that workers and kernels
are forked from.

Typeface, design and templates are then ready in all of them; it happens while the calculation is
under way elsewhere.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from datetime import date
from importlib import import_module
from pathlib import Path

from nbformat import v4

from sv_lib.present import prose, report, sections
from sv_lib.publish.page import index
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.page.html import to_html
from sv_lib.publish.page.pdf import to_pdf
from sv_lib.publish.run import engine, report_task

__all__ = ["engine", "index", "report", "report_task", "sections"]

LATE = (
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "afcharts",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "pyarrow.dataset",
    "sv_lib.publish.page.lab",
)
"""What others load when they first need it, so that every notebook's process would load it again.
"""

sys.excepthook = lambda *_: (
    None
)  # a worker that cannot start says so through its pool, not beside our message
for name in LATE:
    import_module(name)
gc.freeze()  # nothing of this is thrown away, so nobody needs to look through it again
context = PageContext("Warm", "", "", "", "", "", date(2000, 1, 1))
with tempfile.TemporaryDirectory() as folder:
    page = to_html(v4.new_notebook(cells=[v4.new_markdown_cell("# Warm")]), context)
    to_pdf(page, Path(folder, "warm.pdf"), context)
prose.read_words("prose.yaml")
prose.read_words("page_tables.yaml")
gc.collect()  # a folder of fonts goes with what is thrown away here
gc.freeze()
gc.enable()
