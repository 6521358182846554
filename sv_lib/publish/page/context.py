"""What the frame around a report says: title, status, dates, links to its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sv_lib.params import Publication
from sv_lib.present import cards


@dataclass(frozen=True)
class PageContext:
    """The facts that a page's head, foot and side links are written from.

    ``marking`` is printed on every page of a report that may not be published, before the status.
    A link that is empty is left out. ``data_as_at`` also dates the PDF.
    """

    title: str
    council: str
    report_title: str
    period_text: str
    status: str
    status_text: str
    data_as_at: date
    home_href: str = ""
    pdf_href: str = ""
    data_href: str = ""
    sources_href: str = ""
    description: str = ""
    marking: str = ""


def context_of(publication: Publication, title: str, **others: str) -> PageContext:
    """The context of a page of a publication. ``others``: its fields that are not always there."""
    file = publication.file
    return PageContext(
        title=title,
        report_title=title,
        council=publication.council.name,
        period_text=str(publication.sv),
        data_as_at=file.data_as_at,
        status=file.status,
        status_text=cards.STATUS[file.status],
        **others,
    )


def report_context(
    publication: Publication, name: str, title: str, has_methods: bool
) -> PageContext:
    """The context of a page of the run folder, with links to its neighbours.

    ``name``: its path in the run folder, without a suffix. ``has_methods``: whether the methods
    report is, or will be, in the run.
    """
    file = publication.file
    up = "../" * name.count("/")
    others = {"data_href": f"{up}data/{file.kind}.ods"}
    if name != "index":
        others["home_href"] = f"{up}index.html"
        others["pdf_href"] = f"{name.rpartition('/')[2]}.pdf"
    if has_methods and name != "methods":
        others["sources_href"] = f"{up}methods.html"
    if file.profile != "public":
        others["marking"] = cards.EXEMPT
    return context_of(publication, title, **others)
