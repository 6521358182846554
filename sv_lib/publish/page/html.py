"""Executed notebooks as pages: one self-contained file each, checked before it is published."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from markdown_it import MarkdownIt
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets.config import Config

from sv_lib.errors import RenderError
from sv_lib.periods import long_date
from sv_lib.present import fonts
from sv_lib.present.cards import CONTENTS
from sv_lib.present.markup import SAFE_LINK, Html, anchor, escape
from sv_lib.present.sections.figure_lines import linked
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.page.notebook import SHOWN
from sv_lib.publish.page.pictures import fault_of
from sv_lib.publish.page.whole_markup import open_end

TEMPLATES = Path(__file__).parent / "templates"
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""Nothing is fetched and nothing runs, but for a script whose hash the policy names."""
WITHOUT_OUTPUT = {"parameters", "injected-parameters", "remove-output"}
LEFT_OUT = {"in-the-lab"}
"""Tags of cells."""
ACTIVE = ("script", "iframe", "object", "embed", "form", "frame", "frameset", "portal")
FRAME = ("html", "head", "body", "main", "base", "link", "meta", "title")
"""Elements of the page around a report, which a report must not begin or end."""
SWALLOWING = (
    "style",
    "noscript",
    "noembed",
    "noframes",
    "plaintext",
    "template",
    "textarea",
    "xmp",
)
"""Elements whose content is not read, or which change how all others look."""
MARK = re.compile(r'<data( [a-z-]+="[^"]*")*>')
"""How a figure's tag is written; whoever looks for figures finds no other."""
ADDRESSES = ("action", "background", "formaction", "href", "poster", "src", "srcset", "xlink:href")
SECTION = re.compile("## .*")
"""A Markdown cell that is the heading of a section and nothing else."""
PLAIN = "text/plain"
HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)


class Heading(NamedTuple):
    level: int
    id: str
    text: str


class Exporter(HTMLExporter):
    """nbconvert's HTML exporter with our template, our markdown and nothing fetched."""

    @property
    def default_config(self) -> Config:
        by_tag = {"remove_all_outputs_tags": WITHOUT_OUTPUT, "remove_cell_tags": LEFT_OUT}
        return Config({"TagRemovePreprocessor": {"enabled": True, **by_tag}})

    @pass_context
    def markdown2html(self, _: Context, source: str) -> str:
        return markdown(source)

    def from_notebook_node(  # type: ignore[override]  # as the parent has it
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Leave out what HTMLExporter does afterwards.

        It parses the whole page again, and gives an image without alt text a false one.
        """
        rendered: tuple[str, dict[str, Any]] = TemplateExporter.from_notebook_node(
            self, nb, resources, **options
        )
        return rendered


@cache
def _exporter() -> Exporter:
    return Exporter(  # type: ignore[no-untyped-call]  # nbconvert is half typed
        template_name="base", template_file="report.html.j2", extra_template_paths=[str(TEMPLATES)]
    )


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)


@cache
def _template(name: str) -> Template:
    written = (TEMPLATES / name).read_text(encoding="utf-8")
    environment = _environment().overlay(finalize=_as_markup)
    return environment.from_string(re.sub(r"\n\s*", "", written))


def _as_markup(value: object) -> Html:
    # Jinja writes an apostrophe in another way than ``present``; the pages use one of the two.
    return escape(value if isinstance(value, str) else str(value))


def section(name: str, **facts: object) -> Html:
    """A part of a page from a template. Line ends and indents of the template are not printed."""
    return Html(_template(name).render(facts))


@cache
def styles() -> str:
    """Typeface and design, the same in every page."""
    return fonts.css() + rules()


def rules() -> str:
    """The design without its typeface, on one line."""
    written = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    without_comments = re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)
    return re.sub(r"\s+", " ", without_comments).strip()


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown(source: str) -> str:
    """Markdown as HTML; HTML inside it is printed as text."""
    return str(_markdown().render(source))


def to_html(notebook: Path | NotebookNode, context: PageContext) -> str:
    """The page of an executed notebook.

    Raises RenderError when a cell failed or was not run, and as ``page`` does.
    """
    node: Any = notebook
    if isinstance(notebook, Path):
        node = nbformat.read(notebook, as_version=4)
    for number, cell in enumerate(node.cells, start=1):
        if cell.cell_type == "code" and cell.source.strip():
            _require_run(cell, number, context)
            _require_shown(cell, number, context)
    standing = NotebookNode({**node, "cells": list(_without_empty_sections(node.cells))})
    body, _ = _exporter().from_notebook_node(standing, {})
    return page(Html(body), context)


def _without_empty_sections(cells: Sequence[NotebookNode]) -> Iterator[NotebookNode]:
    """The cells without headings under which nothing stands: sections that were left out."""
    for number, cell in enumerate(cells):
        below = list(takewhile(lambda one: one.cell_type == "code", cells[number + 1 :]))
        is_heading = cell.cell_type == "markdown" and SECTION.fullmatch(cell.source.strip())
        if is_heading and below and not any(map(_shows, below)):
            continue
        yield cell


def _shows(cell: NotebookNode) -> bool:
    """Whether a code cell shows anything but an empty part of a page."""
    return any(output.get("data", {}).get("text/html") != "" for output in cell.outputs)


def _require_run(cell: NotebookNode, number: int, context: PageContext) -> None:
    for output in cell.outputs:
        if output.output_type == "error":
            found = f"cell {number} ended with {output.ename}: {output.evalue}"
            raise _fault(context, found[:300])
    if cell.execution_count is None:
        raise _fault(context, f"cell {number} was not run")


def _require_shown(cell: NotebookNode, number: int, context: PageContext) -> None:
    """Refuse an output that a page would leave out, or whose markup reaches into what follows."""
    if WITHOUT_OUTPUT & set(cell.metadata.get("tags", ())):
        return
    for output in cell.outputs:
        data = output.get("data", {})
        # Of what no page has, plain text alone may stand beside what one has: it repeats it.
        known = {*SHOWN, PLAIN} if data.keys() & {*SHOWN} else {*SHOWN}
        if lost := sorted(data.keys() - known):
            words = " ".join(str(data.get(PLAIN, "")).split())[:60]
            found = f"cell {number} shows {', '.join(lost)} ({words}), which no page has"
            raise _fault(context, f"{found}: show markup or a picture, or end the line with ;")
        if fault := open_end(data.get("text/html", "")):
            raise _fault(context, f"cell {number}: {fault}")


def page(body: Html, context: PageContext, script: str = "") -> str:
    """A whole page around a body: landmarks, contents, policy, fonts.

    ``script`` may make the page handier, but it must read as well without. Raises RenderError when
    not everyone could read the page.
    """
    body = linked(_with_ids(body), context.sources_href)
    reader = Reader()
    reader.feed(body)
    reader.close()
    faults = reader.faults()
    if "<!" in body.replace(CONTENTS, "") or "<?" in body:
        faults.append("a comment hides what stands in it")
    if faults:
        raise _fault(context, "; ".join(faults))
    contents = [heading for heading in reader.headings if heading.level == 2]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            page=context,
            body=body.replace(CONTENTS, section("print_contents.html.j2", contents=contents)),
            contents=contents,
            policy=_policy(script),
            script=script,
            styles=styles(),
            data_as_at=long_date(context.data_as_at),
        )
    )


def _policy(script: str) -> str:
    if not script:
        return POLICY
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return f"{POLICY}; script-src 'sha256-{digest}'"


def _fault(context: PageContext, found: str) -> RenderError:
    return RenderError(
        context.title,
        found,
        "a page that not everyone can read, or that is not whole, is not published.",
        "run the notebook again from its first cell, and mend what is named here.",
    )


def _with_ids(body: str) -> Html:
    """The body with ids, made from their words, on headings that have none."""
    taken = set(re.findall(r'\bid="([^"]*)"', body))

    def with_id(heading: re.Match[str]) -> str:
        level, words = heading.groups()
        first = anchor(Html(words))
        identity = first
        number = 2
        while identity in taken:
            identity = f"{first}-{number}"
            number += 1
        taken.add(identity)
        return f'<h{level} id="{identity}">{words}</h{level}>'

    return Html(HEADING.sub(with_id, body))


class Reader(HTMLParser):
    """Reads a page as a screen reader does: headings in order, images by their alt text."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[Heading] = []
        self.ids: list[str] = []
        self.wrong: list[str] = []
        self.is_in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        identity = values.get("id") or ""
        if "id" in values:
            self.ids.append(identity)
        alt = values.get("alt") or ""
        if tag == "img" and not alt.strip():
            self.wrong.append("an image has no alt text")
        if tag in ACTIVE or any(key.startswith("on") or key == "srcdoc" for key in values):
            self.wrong.append(f"a <{tag}> that runs or loads something")
        self._look_at_element(tag, values)
        if _is_heading(tag):
            self.headings.append(Heading(int(tag[1]), identity, ""))
            self.is_in_heading = True

    def _look_at_element(self, tag: str, values: dict[str, str | None]) -> None:
        """Note an element or address that changes the page around the report, or leads astray."""
        if tag in FRAME:
            self.wrong.append(f"a <{tag}> belongs to the page around the report")
        if tag in SWALLOWING:
            self.wrong.append(f"a <{tag}> hides or changes what stands after it")
        if values.get("style"):
            self.wrong.append(f"a <{tag}> with a style of its own")
        for name in ADDRESSES:
            address = (values.get(name) or "").strip()
            if tag in ("img", "source") and address:
                self.wrong += filter(None, [fault_of(address)])
            elif address and not SAFE_LINK.fullmatch(address):
                self.wrong.append(f"a <{tag}> that leads to '{address[:40]}'")
        mark = self.get_starttag_text() or ""
        if "data-figure" in values and not MARK.fullmatch(mark):
            self.wrong.append(f"a figure that is marked in another way than ours: {mark[:60]}")

    def handle_endtag(self, tag: str) -> None:
        if tag in FRAME:
            self.wrong.append(f"a </{tag}> belongs to the page around the report")
        if _is_heading(tag):
            self.is_in_heading = False

    def handle_data(self, data: str) -> None:
        if self.is_in_heading:
            heading = self.headings.pop()
            self.headings.append(heading._replace(text=heading.text + data))

    def faults(self) -> list[str]:
        """Everything that is wrong with the page, in words."""
        found = list(dict.fromkeys(self.wrong))
        top_headings = [heading for heading in self.headings if heading.level == 1]
        if len(top_headings) != 1:
            found.append(f"{len(top_headings)} top headings where there must be one")
        for earlier, later in pairwise(self.headings):
            if later.level > earlier.level + 1:
                found.append(f"the heading {later.text!r} skips a level")
        repeated = sorted({identity for identity in self.ids if self.ids.count(identity) > 1})
        return found + [f"the id {identity!r} stands twice" for identity in repeated]


def _is_heading(tag: str) -> bool:
    return re.fullmatch(r"h[1-6]", tag) is not None
