"""Notebooks that somebody edited: what they show is their publication's, or nothing is published.

A row of ``CELLS`` is one notebook: the cell after it opened its report, and the words of the
refusal. Each is made by a process of its own, as in a run.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from made_once import calculate

from sv_lib.errors import RenderError, ReportError
from sv_lib.figures.trail import Trail
from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import load
from sv_lib.publish.files.data_tables import reports_by_figure
from sv_lib.publish.files.printed_figures import printed_figures
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.run.report_task import Failed, Made, ReportTask, make
from sv_lib.publish.run.workers import LocalWorkers, local_workers

pytestmark = pytest.mark.slow
BASE = Path(__file__).resolve().parents[1] / "bad_inputs" / "base"
CONTEXT = PageContext("T", "Council", "T", "2022", "draft", "Draft", date(2022, 6, 30))
OPENS = "import sv_lib as sv\nreport = sv.open_report(params_file, calculation)"
TOP = "from sv_lib.present.markup import Html, heading, paragraph\nheading(1, 'Report')"
FIGURE = "spend.total.this"
SAYS = f"paragraph(report.say('{FIGURE}'))"
OTHER = "it opens another report than the one that is being made, by its"
TAG = f"""f'<data class="figure" data-figure="{FIGURE}" value="{{report["{FIGURE}"].exact}}">"""
PRINTS = f"it prints '{FIGURE}' as"


def shows(markup: str) -> str:
    """A cell that shows markup written by hand."""
    return f"Html({markup!r})"


def patched(module: str, name: str, instead: str) -> str:
    """A cell that changes how something is written, and then prints a figure."""
    return f"import {module} as changed\nchanged.{name} = {instead}\n{SAYS}"


CELLS = {
    "another ward": ("sv.open_report(params_file, calculation, 'E05990001')", f"{OTHER} ward"),
    "no calculation": ("sv.open_report(params_file)", f"{OTHER} calculation"),
    "other parameters": (
        "sv.open_report(params_file.replace('publication', 'council'), calculation)",
        f"{OTHER} params_file",
    ),
    "last year's calculation": ("sv.open_report(params_file, '/tmp')", f"{OTHER} calculation"),
    "the same by another name": (
        "import os; sv.open_report(os.path.relpath(params_file), calculation)",
        f"{OTHER} params_file",
    ),
    "all of it another": (
        "sv.open_report('x.yaml', 'y', 'z')",
        "ward and params_file and calculation",
    ),
    "a piece of another name": (
        "report.table('suppliers.kindz')",
        "suppliers.kindz: there is no table of that name",
    ),
    "a piece twice": (
        "display(report.table('suppliers.kinds'), report.table('suppliers.kinds'))",
        "the id 'kinds' stands twice",
    ),
    "a value by hand": (
        shows(f'<data class="figure" data-figure="{FIGURE}" value="1">£1</data>'),
        f"{PRINTS} '1'; it is",
    ),
    "a text by hand": (f"Html({TAG}£9</data>')", f"{PRINTS} '£9'; it is"),
    "no text": (f"Html({TAG}</data>')", f"{PRINTS} ''; it is"),
    "a text in bold": (f"Html({TAG}<b>£9</b></data>')", f"{PRINTS} '<'; it is"),
    "a digit more": (
        f"Html({TAG}' + str(report.say('{FIGURE}'))[-14:-7] + '<b>0</b></data>')",
        PRINTS,
    ),
    "a text without an end": (f"Html({TAG}£9')", "a <data> that does not end"),
    "a figure marked in another way": (
        shows(f"<data class='figure' data-figure='{FIGURE}'>£9</data>"),
        "a figure that is marked in another way than ours",
    ),
    "plain text": ("'9,999 people'", "shows text/plain ('9,999 people'), which no page has"),
    "what a formula looks like": (
        "from IPython.display import Latex\nLatex('$9$')",
        "shows text/latex, text/plain",
    ),
    "a script of its own kind": (
        "from IPython.display import Javascript\nJavascript('1')",
        "shows application/javascript",
    ),
    "a table of pandas": (
        "import pandas\npandas.DataFrame({'hires': [3]})",
        "a <style> hides or changes",
    ),
    "a quotation that does not end": (shows('<p title="'), "a tag that does not end"),
    "a fold that does not end": (shows("<details><p>x</p>"), "a <details> that does not end"),
    "a comment that ends elsewhere": (shows("<p>a</p><!-- x --><p>b</p>"), "a comment hides what"),
    "a window over the page": (
        shows("<dialog open>x</dialog>"),
        "an element that paper does not know: dialog",
    ),
    "a drawing that asks for a file": (
        "from IPython.display import SVG, display\n"
        'SVG(\'<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>\')',
        "an image has no alt text; a drawing that leads to '/etc/passwd'",
    ),
    "a figure of nobody's": (
        shows('<data class="figure" data-figure="spend.invented" value="1">£1</data>'),
        "it prints a figure 'spend.invented' that the calculation does not hold",
    ),
    "every 1 a 9": (
        patched(
            "sv_lib.present.formats",
            "rounded",
            "lambda *given, true=changed.rounded: "
            "type(true(*given))(str(true(*given)).replace('1', '9'))",
        ),
        f"{PRINTS} '£9,989'; it is",
    ),
    "another way to write": (
        patched("sv_lib.present.formats", "display", "lambda *_: '£9'"),
        f"{PRINTS} '£9'; it is",
    ),
    "another rounding": (
        patched("sv_lib.present.formats", "rounded", "lambda value, places: 7"),
        f"{PRINTS} '£7'; it is",
    ),
    "another figure": (
        f"from dataclasses import replace\nfrom sv_lib.present.markup import figure\n"
        f"paragraph(figure(replace(report['{FIGURE}'], value=100)))",
        f"{PRINTS} '100'; it is",
    ),
    "the name of another": (
        f"from dataclasses import replace\nfrom sv_lib.present.markup import figure\n"
        f"paragraph(figure(replace(report['{FIGURE}'], id='spend.total.before')))",
        "it prints 'spend.total.before' as",
    ),
    "a script": (shows("<script>1</script>"), "a <script> that runs"),
    "a click": (shows('<p onclick="x"></p>'), "a <p> that runs"),
    "a frame": (shows('<iframe src="https://a.uk"></iframe>'), "a <iframe> that runs"),
    "a frame with its page": (shows('<iframe srcdoc="x"></iframe>'), "a <iframe> that runs"),
    "an object": (shows('<object data="x"></object>'), "a <object> that runs"),
    "a form": (shows('<form action="https://a.uk"></form>'), "a <form> that runs"),
    "a button": (shows('<button formaction="javascript:x">x</button>'), "a <button> that leads"),
    "a page that moves on": (shows('<meta http-equiv="refresh">'), "a <meta> belongs to the page"),
    "another base": (shows('<base href="https://a.uk">'), "a <base> belongs to the page"),
    "a link that runs": (shows('<a href="javascript:x">x</a>'), "leads to 'javascript:x'"),
    "a link to a file": (shows('<a href="file:///etc/passwd">x</a>'), "leads to 'file:///etc"),
    "a style": (shows("<style>data{display:none}</style>"), "a <style> hides or changes"),
    "a style that does not end": (shows("<style>p{"), "a <style> that does not end"),
    "a style of one's own": (
        shows('<p style="position:fixed"></p>'),
        "a <p> with a style of its own",
    ),
    "a comment that does not end": (shows("<!-- x"), "a tag that does not end"),
    "the end of the page": (shows("</main></body>"), "a </main> that ends nothing"),
    "a picture without words": (
        "from IPython.display import Image\nImage(data=b'\\x89PNG\\r\\n\\x1a\\n', format='png')",
        "an image has no alt text",
    ),
    "two top headings": ("heading(1, 'Another')", "2 top headings where there must be one"),
    "another ward, set later": ("report.ward = 'E05990001'\n" + SAYS, "FrozenInstanceError"),
    "another ward, in a copy": (
        f"from dataclasses import replace\nreplace(report, ward='E05990001')\n{SAYS}",
        f"{OTHER} ward",
    ),
    "another ward, made by hand": (
        "import sv_lib as sv\n"
        f"sv.Report(report.publication, report.calculation, 'E05990001')\n{SAYS}",
        f"{OTHER} ward",
    ),
    "another report's figures": (
        "import sv_lib as sv\nfrom dataclasses import replace\n"
        "trail = report.calculation.trail\n"
        f"trail._figures = {{one.id: replace(one, value=1) for one in trail}}\n{SAYS}",
        f"{PRINTS} '1'; it is",
    ),
    "figures with nothing hidden": (
        "from dataclasses import replace\nfrom sv_lib.present.markup import figure\n"
        "hidden = next(one for one in report.calculation.trail if one.kind == 'hidden')\n"
        "paragraph(figure(replace(hidden, kind='count', value=2, caution='')))",
        "as '2'; it is ''",
    ),
    "figures of another time": (
        f"kept = report['{FIGURE}']\nfrom sv_lib.present.markup import figure\n"
        "from dataclasses import replace\n"
        "paragraph(figure(replace(kept, value=kept.value + 1)))",
        f"{PRINTS} '118051'; it is",
    ),
    "another folder": (
        "import os\nos.chdir('/')\nsv.open_report('params/publication.yaml', calculation)",
        f"{OTHER} params_file",
    ),
    "an end by the machine": ("import sys\nsys.exit(0)", "cell 5 ended with SystemExit"),
    "an end without a word": ("import os\nos._exit(0)", "a worker process was ended from outside"),
    "our own card, changed": (
        "from sv_lib.present import cards\ncards.STATUS['draft'] = 'Final'\n1 / 0",
        "ZeroDivisionError",
    ),
    "an answer written by hand": (f"Html({TAG}£1,181 million</data>')", PRINTS),
    "the sign turned": (f"Html({TAG}−£1,181</data>')", f"{PRINTS} '−£1,181'; it is"),
    "a cell that fails": ("1 / 0", "the notebook failed with ZeroDivisionError"),
    "an end of its own": ("raise SystemExit", "cell 5 ended with SystemExit"),
    "more than a page holds": ("print('x' * 61_000_000)", "letters; at most 60,000,000 are taken"),
}


@dataclass
class Bench:
    """Makes reports of the small council of one cell each."""

    workers: LocalWorkers
    folder: Path
    trail: Trail

    def make(self, cell: str) -> Made | Failed:
        """The report of a notebook that opens its publication and then runs the cell."""
        parameters = "params_file = ''\ncalculation = ''"
        cells = [{"tags": ["parameters"], "source": parameters}]
        cells += [{"tags": [], "source": source} for source in (OPENS, TOP, cell)]
        written = {
            "cells": [
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "id": f"c{number}",
                    "metadata": {"tags": one["tags"]},
                    "outputs": [],
                    "source": one["source"],
                }
                for number, one in enumerate(cells)
            ],
            "metadata": {"kernelspec": {"display_name": "x", "language": "python", "name": "x"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        notebook = self.folder / "annual.ipynb"
        notebook.write_text(json.dumps(written), encoding="utf-8")
        given = {
            "params_file": str(self.folder / "params/publication.yaml"),
            "calculation": str(self.folder / "work/calculation"),
        }
        task = ReportTask("annual", notebook, given, given, CONTEXT, 0)
        return self.workers.share(make, [task])[0]

    def publish(self, cell: str) -> str:
        """The page as a run would publish it. Raises a ReportError as the run does."""
        made = self.make(cell)
        if isinstance(made, Failed):
            raise made.fault
        page = made.html.decode()
        reports_by_figure({made.name: printed_figures(page)}, self.trail)
        return page


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("notebooks")
    shutil.copytree(BASE, folder / "params")
    publication = load(folder / "params/publication.yaml")
    calculation = calculate(publication, read_inputs(publication))
    calculation.save(folder / "work/calculation")
    with local_workers(1) as workers:
        yield Bench(workers, folder, calculation.trail)


def test_a_good_notebook_is_published(bench: Bench) -> None:
    assert f'data-figure="{FIGURE}" value="118050">£1,181</data>' in bench.publish(SAYS)


@pytest.mark.parametrize("case", CELLS)
def test_an_edited_notebook_is_refused(
    bench: Bench, case: str, record_property: Callable[[str, object], None]
) -> None:
    cell, words = CELLS[case]
    with pytest.raises(ReportError) as fault:
        bench.publish(cell)
    assert words in str(fault.value)
    assert fault.value.exit_code in (4, 5)
    assert isinstance(fault.value, RenderError) == (fault.value.exit_code == 5)
    record_property("trust", "edited notebooks refused")


KINDS = "report.table('suppliers.kinds')"
PIECES = {
    "a piece added": KINDS,
    "pieces moved": f"display(report.text('suppliers.awards'), {KINDS})",
    "pieces side by side": f"sv.beside({KINDS}, report.table('spend.shares'))",
    "a piece of nothing": f"display({KINDS}, report.table('own.figures'))",
}


@pytest.mark.parametrize("case", PIECES)
def test_pieces_in_another_order_are_published(bench: Bench, case: str) -> None:
    assert bench.publish(PIECES[case]).count('<table id="kinds"') == 1


STARTS = {
    "a process": "import subprocess\nbegun = subprocess.Popen(['sleep', '300']).pid",
    "a copy of itself": "import os, time\nbegun = os.fork()\nif not begun: time.sleep(300)",
    "a thread": "import os, threading, time\nbegun = os.getpid()\n"
    "threading.Thread(target=lambda: time.sleep(300)).start()",
}


@pytest.mark.parametrize("case", STARTS)
def test_what_a_notebook_leaves_running_is_ended(bench: Bench, case: str) -> None:
    began = time.monotonic()
    page = bench.publish(f"{STARTS[case]}\nparagraph(f'begun {{begun}}.')")
    process = int(page.partition("begun ")[2].partition(".")[0])
    for _ in range(100):
        if not _runs(process):
            break
        time.sleep(0.05)
    assert not _runs(process)
    assert time.monotonic() - began < 200


def _runs(process: int) -> bool:
    """Whether a process is there and is not merely waiting to be counted out."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z" and os.path.exists(f"/proc/{process}/exe")  # noqa: PTH110 a link that leads nowhere
