"""Executed notebooks as pages: one self-contained, semantic file each, checked before it may be
published.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
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
from sv_lib.present.markup import Html, anchor
from sv_lib.present.sections.annex import linked
from sv_lib.publish.page.context import PageContext

TEMPLATE = Path(__file__).parent / "templates"
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""Nothing is fetched and nothing runs, but for a script whose hash the policy names."""
SILENT_TAGS = {"parameters", "injected-parameters", "remove-output"}


class Heading(NamedTuple):
    level: int
    id: str
    text: str


class Exporter(HTMLExporter):
    """nbconvert's HTML exporter with our template, our markdown and nothing fetched."""

    @property
    def default_config(self) -> Config:
        silent = {
            "remove_all_outputs_tags": SILENT_TAGS,
            "remove_cell_tags": {"in-the-lab"},
            "enabled": True,
        }
        return Config({"TagRemovePreprocessor": silent})

    @pass_context
    def markdown2html(self, _: Context, source: str) -> str:
        return markdown(source)

    def from_notebook_node(  # type: ignore[override]  # as the parent has it
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Past the parent's second parse of the whole page, which would give an image without alt
        text
        a false one.
        """
        rendered: tuple[str, dict[str, Any]] = TemplateExporter.from_notebook_node(
            self, nb, resources, **options
        )
        return rendered


@cache
def _exporter() -> Exporter:
    where = {
        "template_name": "base",
        "template_file": "report.html.j2",
        "extra_template_paths": [str(TEMPLATE)],
    }
    return Exporter(**where)  # type: ignore[no-untyped-call]  # nbconvert is half typed


@cache
def _shell() -> Any:
    loader = FileSystemLoader(TEMPLATE)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(
        "page.html.j2"
    )


@cache
def styles() -> str:
    """Typeface and design, the same in every page."""
    return fonts.css() + rules()


def rules() -> str:
    """The design without its typeface, on one line."""
    written = (TEMPLATE / "report.css").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)).strip()


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown(source: str) -> str:
    """Markdown with raw HTML off: it is printed as text."""
    return str(_markdown().render(source))


def to_html(notebook: Path | NotebookNode, context: PageContext) -> str:
    """The page of an executed notebook.

    Raises RenderError when a cell failed or was not run, or when the page would not be accessible.
    """
    node = nbformat.read(notebook, as_version=4) if isinstance(notebook, Path) else notebook
    for number, cell in enumerate(node.cells, start=1):
        _check_cell(cell, number, context)
    body, _ = _exporter().from_notebook_node(node, {})
    return page(Html(body), context)


def _check_cell(cell: NotebookNode, number: int, context: PageContext) -> None:
    if cell.cell_type != "code" or not cell.source.strip():
        return
    failed = next((output for output in cell.outputs if output.output_type == "error"), None)
    if failed is not None:
        raise _fault(context, f"cell {number} ended with {failed.ename}: {failed.evalue}"[:300])
    if cell.execution_count is None:
        raise _fault(context, f"cell {number} was not run")


def page(body: Html, context: PageContext, script: str = "") -> str:
    """A finished page around a body: landmarks, contents, policy, fonts. Raises RenderError as
    ``to_html`` does.

    ``script`` may make the page handier; it must read as well without.
    """
    body = linked(_with_ids(body), context.sources_href)
    reader = Reader()
    reader.feed(body)
    reader.close()
    if reader.faults():
        raise _fault(context, "; ".join(reader.faults()))
    contents = [heading for heading in reader.headings if heading.level == 2]
    listed = body.replace(CONTENTS, _print_contents(contents))
    return str(
        _shell().render(
            page=context,
            body=listed,
            contents=contents,
            policy=_policy(script),
            script=script,
            styles=styles() + _margins(context),
            data_as_at=long_date(context.data_as_at),
        )
    )


def _policy(script: str) -> str:
    if not script:
        return POLICY
    return f"{POLICY}; script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def _fault(context: PageContext, found: str) -> RenderError:
    return RenderError(
        context.title,
        found,
        "a page that not everyone can read, or that is not whole, is not published.",
        "run the notebook again from its first cell, and mend what is named here.",
    )


def _with_ids(body: str) -> Html:
    """Headings from markdown get ids from their words, each once."""
    taken = set(re.findall(r'\bid="([^"]*)"', body))

    def name(heading: re.Match[str]) -> str:
        first = identity = anchor(Html(heading[2]))
        number = 2
        while identity in taken:
            identity, number = f"{first}-{number}", number + 1
        taken.add(identity)
        return f'<h{heading[1]} id="{identity}">{heading[2]}</h{heading[1]}>'

    return Html(re.sub(r"<h([1-6])>(.*?)</h\1>", name, body, flags=re.DOTALL))


class Reader(HTMLParser):
    """Reads a page as a screen reader would: headings in order, images by their alt text, ids
    once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[Heading] = []
        self.ids: list[str] = []
        self.wrong: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"] or "")
        if tag == "img" and not (values.get("alt") or "").strip():
            self.wrong.append("an image has no alt text")
        if tag in ("script", "iframe", "object", "embed") or any(
            key.startswith("on") for key in values
        ):
            self.wrong.append(f"a <{tag}> that runs or loads something")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(Heading(int(tag[1]), values.get("id") or "", ""))
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.headings[-1] = self.headings[-1]._replace(text=self.headings[-1].text + data)

    def faults(self) -> list[str]:
        """Everything that is wrong with a page, in words."""
        levels = [heading.level for heading in self.headings]
        found = list(dict.fromkeys(self.wrong))
        if levels.count(1) != 1:
            found.append(f"{levels.count(1)} top headings where there must be one")
        for earlier, later in pairwise(self.headings):
            if later.level > earlier.level + 1:
                found.append(f"the heading {later.text!r} skips a level")
        repeated = sorted({identity for identity in self.ids if self.ids.count(identity) > 1})
        return found + [f"the id {identity!r} stands twice" for identity in repeated]


def _print_contents(contents: list[Heading]) -> str:
    entries = "".join(
        f'<li><a href="#{entry.id}">{Html() + entry.text}</a></li>' for entry in contents
    )
    return (
        f'<div class="print-contents"><h2 id="in-this-report">In this '
        f"report</h2><ul>{entries}</ul></div>"
    )


def _margins(context: PageContext) -> str:
    """Running head and foot of the printed page: council, report, period, status, data as at, page
    x
    of y.
    """
    running = f"{context.report_title} · {context.period_text}"
    foot = f"{context.marking} {context.council} · data as at {long_date(context.data_as_at)}"
    font = 'font:400 9pt "Source Sans Pro";color:#4A545C'
    strong = 'font:600 9pt "Source Sans Pro";color:#801650'
    return (
        f"@page{{@top-left{{content:{_css_text(running)};{font};width:120mm;vertical-align:top;padding-top:11mm}}"
        f"@top-right{{content:{_css_text(context.status_text)};{strong};width:45mm;vertical-align:top;padding-top:11mm;text-align:right}}"
        f"@bottom-left{{content:{_css_text(foot)};{font};width:120mm}}"
        f'@bottom-right{{content:"Page " counter(page) " of " counter(pages);{font};width:40mm}}}}'
        "@page :first{@top-left{content:none}@top-right{content:none}}"
    )


def _css_text(text: str) -> str:
    """Text as a CSS string in which nothing can end the string or the style element."""
    return (
        '"'
        + "".join(c if c.isalnum() or c in " .,:·()'-" else f"\\{ord(c):x} " for c in text)
        + '"'
    )
