"""A notebook in JupyterLab: a bar that says what is open, and the design of the published page."""

from __future__ import annotations

import re

from sv_lib.intake.findings import counted
from sv_lib.present import fonts
from sv_lib.present.cards import STATUS
from sv_lib.present.markup import Html
from sv_lib.present.report import Report


def opened(report: Report) -> Html:
    """Parameters, period, findings and status of a notebook that a person runs, with the design.

    Empty while reports are made, since the page has its own frame.
    """
    if not report.is_by_hand:
        return Html()
    # Loads the renderer, which the making of reports need not wait for.
    from sv_lib.publish.page.html import rules, section

    publication = report.publication
    found = len(report.frame("findings"))
    # Style rules of the page become rules of the cell, above JupyterLab's own.
    nested = re.sub(r"(?::root|\bbody) \{", "& {", rules())
    return section(
        "opened.html.j2",
        publication=publication,
        findings=counted(found, "finding") if found else "No finding",
        status_text=STATUS[publication.file.status],
        design=Html(nested),
        typeface=Html(fonts.css()),
    )
