"""How ``make docs`` builds the site: Sphinx over the documents as they lie in the project.

Nothing is fetched, at the build or by a reader: the theme brings its own files. A link or anchor
that leads nowhere fails the build, since ``make docs`` makes an error of every warning.
"""

from __future__ import annotations

import json
from pathlib import Path

from docutils.nodes import document
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from sv_lib import __version__

project = "Social value reports"
author = "The authors of sv_lib"
release = __version__
language = "en-GB"

extensions = ["myst_nb", "sphinx.ext.autodoc"]
root_doc = "docs/site/index"
include_patterns = [
    "*.md",
    "docs/*.md",
    "docs/**/*.md",
    "params/README.md",
    "outputs/README.md",
    "notebooks/explore.ipynb",
    "tests/notebooks/methods.ipynb",  # as it was run last: nbval runs it again and compares
    "tests/golden/*.md",
]
exclude_patterns = [".*", "build", "outputs/[a-z]*", "**/inputs", "mutants"]

myst_heading_anchors = 4  # the anchors that headings have where the documents are read as files
nb_execution_mode = "force"
nb_execution_excludepatterns = ["tests/notebooks/*"]
nb_execution_timeout = 600
nb_execution_raise_on_error = True

add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_use_legacy_class_based = False

highlight_language = "none"  # a command in a grey box is no program
suppress_warnings = [
    "misc.highlighting_failure"
]  # golden pages name a table where others a language

html_theme = "furo"
html_title = project
html_extra_path = ["start"]
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False

METHODS = "tests/notebooks/methods"
METHODS_TITLE = "# The method, running on the demonstration"


def name_folders(app: Sphinx, page: document) -> None:
    """A link to a folder, which a reader of files can open, is its name alone on the site."""
    here = Path(app.env.doc2path(app.env.docname)).parent
    for link in list(page.findall(pending_xref)):
        if (here / link["reftarget"]).is_dir():
            link.replace_self(link.children)


def give_title(_: Sphinx, name: str, source: list[str]) -> None:
    """The methods notebook begins with a title, in place of its note on what to do if it fails.

    In a report the title is the output of a cell, which is no heading to Sphinx.
    """
    if name != METHODS:
        return
    notebook = json.loads(source[0])
    cells = notebook["cells"]
    note = next(cell for cell in cells if cell["cell_type"] == "markdown")
    others = [cell for cell in cells if cell is not note]
    notebook["cells"] = [note | {"source": METHODS_TITLE}, *others]
    source[0] = json.dumps(notebook)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", give_title)
    app.connect("doctree-read", name_folders)
