"""What an analyst opens in JupyterLab: a start page, and each publication's notebooks set to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path

import nbformat
from jinja2 import Template

from sv_lib.home import NOTEBOOKS, outputs_beside
from sv_lib.params import Publication
from sv_lib.publish import publications
from sv_lib.publish.publications import ListedPublication
from sv_lib.publish.run.plan import PlannedReport, reports_of

PAGE = Path(__file__).with_name("start_page.md.j2")
START, EXPLORE = "start.md", "explore.ipynb"
MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|#~])")
"""What Markdown takes for a sign of its own."""


@dataclass(frozen=True)
class NotebookLink:
    """A notebook as the start page links it."""

    title: str
    path: str


@dataclass(frozen=True)
class Line:
    """A publication as the start page shows it. Paths are from the page's folder."""

    title: str
    name: str
    params: str
    state: str
    index: str
    notebooks: tuple[NotebookLink, ...]


def write(folder: Path) -> Path:
    """Write ``lab`` among the runs of a folder of councils, or of one council; returns its page.

    A notebook that is there already stays: somebody may have worked in it. Raises ParameterError
    where there is no council.
    """
    found = publications.listed(folder)
    lab = outputs_beside(found[0].file) / "lab"
    lab.mkdir(parents=True, exist_ok=True)
    lines = [_line(one, lab) for one in found]
    _keep(lab / EXPLORE, NOTEBOOKS / EXPLORE, {})
    template = Template(PAGE.read_text(encoding="utf-8"), keep_trailing_newline=True)
    page = lab / START
    page.write_text(template.render(publications=lines), encoding="utf-8")
    return page


def _line(one: ListedPublication, lab: Path) -> Line:
    params = _from(lab, one.file)
    publication = one.publication
    if publication is None:
        return Line(_plain(one.file.parent.name), _plain(one.file.name), params, one.state, "", ())
    council = publication.council
    index = outputs_beside(one.file) / council.id / publication.id / "index.html"
    title = f"{council.name}: {publication.file.title}"
    state = f"{publication.file.status}, {one.state}"
    notebooks = tuple(_notebooks(publication, lab))
    link = _from(lab, index) if index.is_file() else ""
    return Line(_plain(title), _plain(one.file.name), params, state, link, notebooks)


def _notebooks(publication: Publication, lab: Path) -> Iterator[NotebookLink]:
    """Put the notebooks of a publication in the lab, one of each kind, for the first ward."""
    kinds: dict[Path, PlannedReport] = {}
    for report in reports_of(publication, (), (), NOTEBOOKS):
        kinds.setdefault(report.notebook, report)
    home = lab / publication.council.id / publication.id
    given = _from(home, publication.path)
    for source, report in kinds.items():
        copy = home / source.name
        _keep(copy, source, report.parameters(given, ""))
        yield NotebookLink(source.stem.replace("_", "-"), _from(lab, copy))


def _keep(copy: Path, source: Path, parameters: Mapping[str, str]) -> None:
    """Copy a notebook with other parameters, unless a copy is there."""
    if copy.exists():
        return
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", ()):
            lines = [f"{name} = {value!r}" for name, value in parameters.items()]
            cell.source = "\n".join(lines) or cell.source
    copy.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, copy)


def _from(folder: Path, path: Path) -> str:
    """A path from a folder, with strokes as links and notebooks have them on every system."""
    return Path(relpath(path.resolve(), folder.resolve())).as_posix()


def _plain(text: str) -> str:
    return MARKDOWN.sub(r"\\\1", text)
