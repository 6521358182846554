"""A notebook in JupyterLab: the bar on top that says what is open, and the design of the published
page.
"""

from __future__ import annotations

import re

from sv_lib.intake.findings import counted
from sv_lib.present import fonts
from sv_lib.present.cards import STATUS, status_tag
from sv_lib.present.markup import Html, join, paragraph, tag
from sv_lib.present.report import Report

HERE = ".jp-Notebook .jp-RenderedHTMLCommon"
"""JupyterLab's name for what a cell shows: the design holds there, above JupyterLab's own, and
nowhere
else.
"""


def opened(report: Report) -> Html:
    """Parameters, period, findings and status of a notebook that a person runs, with the page's
    design.

    Empty while reports are made, since the page has its own frame.
    """
    if not report.is_by_hand:
        return Html()
    from sv_lib.publish.page.html import (
        rules,
    )  # loads the renderer: not needed while reports are made

    file, found = report.publication.file, len(report.table("findings"))
    facts = (
        f"Parameters: {report.publication.path.name}",
        f"Social value: {report.publication.sv}. Spend: {report.publication.spend}",
        f"{counted(found, 'finding') if found else 'No finding'} in the inputs",
    )
    bar = join([*map(paragraph, facts), status_tag(file.status, STATUS[file.status])])
    nested = re.sub(r"(?::root|\bbody) \{", "& {", rules())
    design = Html(f"<style>{fonts.css()} {HERE} {{ {nested} }}</style>")
    return design + tag("div", bar, css_class="opened", role="status")
