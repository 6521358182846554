"""The index page of a run: what there is, how large it is, and what the checks found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sv_lib.figures.store import Calculation
from sv_lib.params import Publication
from sv_lib.present import cards
from sv_lib.present.html import Html
from sv_lib.present.sections.front import STATUS
from sv_lib.publish.html import PageContext, page

TEMPLATES = Path(__file__).parent / "template"
HEADLINES = {
    "headline.residents_into_work.this": "Local people into work",
    "headline.training_weeks.this": "Weeks of training and apprenticeship",
    "headline.delivered_value.this": "Social value delivered",
    "headline.delivery_rate.this": "Delivered, of what was due",
    "headline.local_share.this": "Spent with local firms",
}
DOWNLOADS = (
    ("figures.csv", "every figure with its formula and rows"),
    ("claims.csv", "every claim with its working in words"),
    ("findings.csv", "what the checks of the input files found"),
    ("control_totals.csv", "rows and pounds of every input file, from file to figure"),
    ("manifest.json", "what went in, what it was made with, a hash of everything that came out"),
)
SEVERITIES = {"stop": "stops the run", "warn": "to look at", "note": "to know"}


@dataclass(frozen=True)
class Entry:
    """A report in the list."""

    name: str
    title: str
    pages: int


def index_page(
    publication: Publication, calculation: Calculation, folder: Path, entries: list[Entry], context: PageContext
) -> str:
    """The page as HTML; ``folder`` is where the reports and data files already are."""
    file, council = publication.file, publication.council
    wards = sorted((e for e in entries if e.name.startswith("wards/")), key=lambda entry: entry.title)
    headline = [
        cards.Card(label, figure, detail=str(figure.period))
        for figure_id, label in HEADLINES.items()
        if figure_id in calculation.ledger and (figure := calculation.ledger[figure_id])
    ]
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    body = templates.get_template("index.html.j2").render(
        cover=cards.cover(
            council.name, file.title, str(publication.sv), file.data_as_at, file.status, STATUS[file.status],
        ),
        cards=cards.headline(headline) if headline else "",
        reports=[e for e in entries if e not in wards],
        wards=wards,
        books=[f"data/{file.kind}.ods", f"data/{file.kind}.xlsx"],
        downloads=DOWNLOADS,
        tables=sorted(path.name for path in (folder / "data").glob("*.csv")),
        findings=calculation.tables["findings"].astype(str).to_dict("records"),
        severities=SEVERITIES,
        contact=council.contact,
        size=lambda name: _size((folder / name).stat().st_size),
    )  # fmt: skip
    return page(Html(body), context)


def _size(count: int) -> str:
    """A file's size as a person says it."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"
