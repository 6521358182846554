"""Reproducible social value reporting for UK councils: the names a notebook imports.

    >>> import sv_lib as sv
    >>> report = sv.open_report("params/sample/2024-25-annual.yaml")
    >>> report.figure("spend.total.this")      # in a notebook with its formula and its parts
    spend.total.this: £270,000.00
    >>> len(report.frame("payments"))          # a pandas frame
    10
    >>> piece = report.text("spend.lead")      # a piece of a page
    >>> "spend.total.this" in piece
    True

The folders of the package are the data flow, from ``params`` to ``publish``; everything but the
names in ``__all__`` may move. A name is loaded when it is first used, so ``import sv_lib`` costs
nothing: ``svreport --help`` must not wait for pandas.
"""

import sys

# For ``python -m sv_lib`` Python begins its path with the working directory, where a stranger's
# file may have the name of any module that is imported next, and calls itself "-m" meanwhile.
if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:
    del sys.path[0]

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sv_lib.present.cards import beside
    from sv_lib.present.cards import front as front_page
    from sv_lib.present.explore import OpenReport as Report
    from sv_lib.present.explore import open_report
    from sv_lib.present.report import measures
    from sv_lib.present.steps import compared, listed
    from sv_lib.publish.page.lab import opened as status_bar
    from sv_lib.toms.measures import Measure

    __version__: str

__all__ = [
    "Measure",
    "Report",
    "__version__",
    "beside",
    "compared",
    "front_page",
    "listed",
    "measures",
    "open_report",
    "status_bar",
]

HOMES = {
    "Measure": "sv_lib.toms.measures:Measure",
    "Report": "sv_lib.present.explore:OpenReport",
    "beside": "sv_lib.present.cards:beside",
    "compared": "sv_lib.present.steps:compared",
    "front_page": "sv_lib.present.cards:front",
    "listed": "sv_lib.present.steps:listed",
    "measures": "sv_lib.present.report:measures",
    "open_report": "sv_lib.present.explore:open_report",
    "status_bar": "sv_lib.publish.page.lab:opened",
}
"""Where each public name is defined, as ``module:name``."""


def __getattr__(name: str) -> object:
    """Load a public name on its first use. Raises AttributeError for a name that is not public."""
    if name == "__version__":
        from importlib.metadata import version

        return version("sv-lib")
    if name not in HOMES:
        raise AttributeError(f"module 'sv_lib' has no attribute {name!r}")
    module_name, _, attribute = HOMES[name].partition(":")
    return getattr(import_module(module_name), attribute)


def __dir__() -> list[str]:
    """The public names, for completion in a notebook."""
    return sorted(__all__)
