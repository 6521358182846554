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


def context_of(
    publication: Publication, title: str, marking: str = "", **links: str
) -> PageContext:
    """The context of a page of a publication. ``links``: the fields of links that it has."""
    file = publication.file
    return PageContext(
        title=title,
        report_title=title,
        council=publication.council.name,
        period_text=str(publication.sv),
        data_as_at=file.data_as_at,
        status=file.status,
        status_text=cards.STATUS[file.status],
        marking=marking,
        **links,
    )
