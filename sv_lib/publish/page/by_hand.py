"""The report's page from a notebook that somebody executed: ``jupyter nbconvert --to svreport``."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from nbconvert.exporters.html import HTMLExporter
from nbformat import NotebookNode

from sv_lib.errors import ParameterError
from sv_lib.home import beside_notebooks
from sv_lib.params import load
from sv_lib.publish.page.context import context_of
from sv_lib.publish.page.html import to_html

TAGS = {"parameters", "injected-parameters"}


class ReportExporter(HTMLExporter):
    """nbconvert's name for the page that a run makes, with the same checks."""

    export_from_notebook = "Social value report"

    def from_notebook_node(  # type: ignore[override]  # as the parent has it
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page. Raises ParameterError for a notebook without our parameters, and RenderError.

        RenderError: a cell failed or was not run, or not everybody could read the page.
        """
        given = parameters(nb)
        if "params_file" not in given:
            raise ParameterError(
                "the notebook",
                "no cell tagged 'parameters' names a params_file",
                "the page would not say whose figures it shows.",
                "convert one of our notebooks, executed: --to html makes a page of any other.",
            )
        publication = load(Path(beside_notebooks(given["params_file"])))
        title = publication.file.title
        ward = given.get("ward")
        if ward:
            title = f"Ward report: {publication.council.ward_name(ward)}"
        page = to_html(nb, context_of(publication, title))
        return page, {"output_extension": ".html", **(resources or {})}


def parameters(notebook: NotebookNode) -> dict[str, str]:
    """The parameters that a notebook was run with, those that papermill injected last."""
    given: dict[str, str] = {}
    for cell in notebook.cells:
        if TAGS.isdisjoint(cell.metadata.get("tags", [])):
            continue
        for line in ast.parse(cell.source).body:
            if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                given[line.targets[0].id] = str(ast.literal_eval(line.value))
    return given
