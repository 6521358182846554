"""A notebook in JupyterLab: a bar that says what is open, and the design of the published page."""

from __future__ import annotations

import re

from sv_lib.intake.findings import counted
from sv_lib.present import fonts
from sv_lib.present.cards import STATUS, status_tag
from sv_lib.present.markup import Html, join, paragraph, tag
from sv_lib.present.report import Report

OUTPUTS = ".jp-Notebook .jp-RenderedHTMLCommon"
"""JupyterLab's name for what a cell shows. The design holds there, above JupyterLab's own."""


def opened(report: Report) -> Html:
    """Parameters, period, findings and status of a notebook that a person runs, with the design.

    Empty while reports are made, since the page has its own frame.
    """
    if not report.is_by_hand:
        return Html()
    # Loads the renderer, which the making of reports need not wait for.
    from sv_lib.publish.page.html import rules

    status = report.publication.file.status
    found = len(report.table("findings"))
    findings = counted(found, "finding") if found else "No finding"
    lines = [
        paragraph(f"Parameters: {report.publication.path.name}"),
        paragraph(f"Social value: {report.publication.sv}. Spend: {report.publication.spend}"),
        paragraph(f"{findings} in the inputs"),
        status_tag(status, STATUS[status]),
    ]
    bar = tag("div", join(lines), css_class="opened", role="status")
    nested = re.sub(r"(?::root|\bbody) \{", "& {", rules())
    return Html(f"<style>{fonts.css()} {OUTPUTS} {{ {nested} }}</style>") + bar
