"""Every figure of a run on a line of its own, to which the figures of all pages lead."""

from __future__ import annotations

import re

from sv_lib.figures.figure import Figure
from sv_lib.present import pieces
from sv_lib.present.formats import amount, display
from sv_lib.present.markup import Html, bullets, join, tag
from sv_lib.present.prose import read_words, sentence
from sv_lib.present.report import Report

TOPICS = ("bridge", "compliance", "delivery", "headline", "lens", "people", "spend", "suppliers")
"""What has kinds of figures of its own; every other topic is one kind."""
LINE = re.compile(r' id="(figure-[^"]+)"')
PRINTED = re.compile(
    r'<h2\b|<a\b.*?</a>|<data class="figure" data-figure="(?P<figure>[^"]+)".*?</data>', re.DOTALL
)
MANY = 12
"""Parts beyond which a line counts them; figures.csv names them all."""


@pieces.text("sources.run")
def _run(report: Report) -> Html:
    """How many figures the run has, and the command that traces one."""
    count = display(amount(len(report.calculation.trail), "figures"))
    command = tag("code", "svreport trace RUN_DIR FIGURE_ID")
    return sentence(report, "sources.run", count=count, command=command)


@pieces.text("sources.files")
def _files(report: Report) -> Html:
    """Which file has what."""
    kind = report.publication.file.kind
    files = [
        join([tag("strong", name.format(kind=kind)), ": ", holds])
        for name, holds in read_words("prose_files.yaml").items()
    ]
    return bullets(files)


@pieces.text("sources.figures")
def _figures(report: Report) -> Html:
    """Every figure, those of a kind together.

    Paper has the kinds alone; a screen has a line for each figure below its kind.
    """
    figures = sorted(report.calculation.trail, key=_for_example)
    lines = []
    for name, some in sorted(_kinds(figures).items()):
        own = [_line(report, figure) for figure in some]
        within = tag("ul", join(own), css_class="figures")
        lines.append(tag("li", _of_kind(name, some) + within))
    return tag("ul", join(lines), css_class="sources")


def _kinds(figures: list[Figure]) -> dict[str, list[Figure]]:
    kinds: dict[str, list[Figure]] = {}
    for figure in figures:
        kinds.setdefault(_kind(figure.id), []).append(figure)
    return kinds


def _of_kind(kind: str, some: list[Figure]) -> Html:
    name = tag("span", some[0].label, id=f"from-{kind}")
    return join([name, f" ({_how_many(some)}): {some[0].formula}"])


def _for_example(figure: Figure) -> tuple[bool, str]:
    """Sort key: the figure that explains its kind best is not a comparison."""
    return figure.id.endswith((".before", ".change")), figure.id


def _how_many(some: list[Figure]) -> str:
    """The value of a figure that is alone in its kind, else how many more there are."""
    if len(some) == 1:
        return display(some[0])
    return f"and {len(some) - 1} more"


def _line(report: Report, figure: Figure) -> Html:
    """A figure with its value, formula, period and what it is made of, or why it is withheld."""
    said = [
        tag("strong", figure.label),
        f": {display(figure)}. Made as: {figure.formula}; {figure.period}. ",
        f"{_made_of(report, figure)} ",
        tag("code", figure.id),
    ]
    return tag("li", join(said), id=f"figure-{figure.id}")


def _made_of(report: Report, figure: Figure) -> str:
    """The rows or the figures behind a figure, or why it is not told."""
    if figure.kind == "hidden":
        return f"Its rows are withheld: {figure.caution}."
    if not figure.is_known:
        return f"It has no value: {figure.caution}."
    if not figure.parts:
        rows = report.calculation.trail.row_count(figure.id)
        return f"Rows behind it: {display(amount(rows, 'rows'))}."
    made = f"{len(figure.parts)} figures, which figures.csv names"
    if len(figure.parts) <= MANY:
        made = ", ".join(figure.parts)
    return f"Worked out ({figure.operation}) of {made}."


def linked(body: str, elsewhere: str = "") -> Html:
    """A page whose figures lead to their lines.

    ``elsewhere`` is the page that has a line for every figure. A figure that is a link already
    stays as it is, and so does one without a line anywhere.
    """
    lines = set(LINE.findall(body))
    # Within a section the Tab key stops at the first link of each kind alone, so that a table of
    # wards is a few stops, not hundreds.
    met = set[str]()

    def lead(found: re.Match[str]) -> str:
        markup = found[0]
        if markup == "<h2":
            met.clear()
        if not found["figure"]:
            return markup
        kind = _kind(found["figure"])
        own = f"figure-{found['figure']}"
        is_here = own in lines
        if not is_here and not elsewhere:
            return markup
        aim = f"#{own}" if is_here else f"{elsewhere}#{own}"
        passed = ' tabindex="-1"' if kind in met else ""
        met.add(kind)
        return f'<a href="{aim}"{passed} class="trail">{markup}</a>'

    return Html(PRINTED.sub(lead, body))


def _kind(figure_id: str) -> str:
    """The start of an id, before a place, contract, class or period: ``lens.spend`` of a ward's."""
    parts = figure_id.split(".")
    if parts[0] in TOPICS:
        return ".".join(parts[:2])
    return parts[0]
