"""Each guard is taken away in turn, and the attack that it holds off gets through: it is the guard
that protects.

A row of ``GUARDS`` is an attack, which says whether it got through, and what takes the guard away.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from importlib.machinery import PathFinder
from pathlib import Path

import nbformat
import pandas as pd
import pypdfium2
import pytest
import test_archives
import xlsxwriter.worksheet
import yaml
from data_files import write_workbooks
from jinja2 import Environment
from markdown_it import MarkdownIt

from sv_lib.errors import ReportError
from sv_lib.figures.figure import Figure
from sv_lib.intake import input_files, pipeline, table_values
from sv_lib.intake.files import archives, workbooks
from sv_lib.intake.files.readers import read_table
from sv_lib.intake.ledger import payments
from sv_lib.intake.tables import validation
from sv_lib.params import PublicationFile, load
from sv_lib.periods import Period
from sv_lib.present import markup
from sv_lib.publish.files import data_tables, manifest, unsealed, workbook
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.files.printed_figures import Printed
from sv_lib.publish.page import html, own_cells, pdf
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.run import cluster, environment, folder, plan
from sv_lib.publish.run.folder import RunFolder
from sv_lib.strict_yaml import read_yaml

HERE = Path(__file__).resolve().parents[1] / "bad_inputs"
SCRIPT, FORMULA = "<script>alert(1)</script>", "=1+1"
CONTEXT = PageContext("T", "Council", "T", "2022", "draft", "Draft", date(2022, 6, 30))
EVALUATING = pdf._design().replace("text(word)", 'eval(word, mode: "markup")')
DAY = Period(date(2022, 1, 1), date(2022, 1, 1))
SETTLED = tuple(environment.SAME_EVERYWHERE)
"""What an earlier test of this process may have set."""
Patch = pytest.MonkeyPatch


def refused(act: Callable[[], object]) -> bool:
    """Whether something was plainly refused."""
    try:
        act()
    except ReportError:
        return True
    return False


def params(place: Path, fault: str = "") -> Path:
    """The parameter file of the faultless council, in which one fault may be planted."""
    shutil.copytree(HERE / "base", place / "params", dirs_exist_ok=True)
    if fault:
        shutil.copytree(HERE / fault, place / "params", dirs_exist_ok=True)
    return place / "params" / "publication.yaml"


def read(path: Path) -> pipeline.Inputs:
    return pipeline.require(pipeline.read_inputs(load(path)))


def a_script_in_a_page(_: Path) -> bool:
    return SCRIPT in markup.tag("p", SCRIPT)


def a_script_in_a_story(_: Path) -> bool:
    return SCRIPT in html.markdown(SCRIPT)


def a_script_in_a_finished_page(_: Path) -> bool:
    return not refused(lambda: html.page(markup.Html(f"<h1>T</h1>{SCRIPT}"), CONTEXT))


def a_link_that_runs(_: Path) -> bool:
    with contextlib.suppress(ValueError):
        return "javascript:" in markup.link("x", "javascript:alert(1)")
    return False


def a_formula_in_a_csv(place: Path) -> bool:
    data_tables.write_csv(pd.DataFrame({"name": [FORMULA]}), place / "x.csv")
    with (place / "x.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1] == [FORMULA]


def book(place: Path, text: str) -> None:
    write_workbooks(
        place / "x",
        "T",
        [("a", "b")],
        [workbook.sheet("s", pd.DataFrame({"name": [text]}))],
        DAY.start,
    )


def a_formula_in_an_xlsx(place: Path) -> bool:
    book(place, FORMULA)
    with zipfile.ZipFile(place / "x.xlsx") as package:
        return any(b"<f>" in package.read(name) for name in package.namelist())


def a_formula_in_an_ods(place: Path) -> bool:
    book(place, '</text:p></table:table-cell><table:table-cell table:formula="of:=1+1"><text:p>')
    with zipfile.ZipFile(place / "x.ods") as package:
        return b' table:formula="' in package.read("content.xml")


def a_file_that_unpacks_to_more(place: Path) -> bool:
    (place / "x.csv").write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 20_000))
    return not refused(lambda: read_table(place / "x.csv", "x.csv"))


def a_cell_far_away(place: Path) -> bool:
    with xlsxwriter.Workbook(str(place / "x.xlsx")) as made:
        made.add_worksheet().write(60, 60, "x")
    return not refused(lambda: read_table(place / "x.xlsx", "x.xlsx"))


def a_parameter_that_is_none(place: Path) -> bool:
    path = params(place)
    path.write_text(path.read_text(encoding="utf-8") + "__import__('os'): x\n", encoding="utf-8")
    return not refused(lambda: load(path))


def a_key_that_stands_twice(place: Path) -> bool:
    (place / "x.yaml").write_text("a: first\na: second\n", encoding="utf-8")
    with contextlib.suppress(yaml.YAMLError):
        return bool(read_yaml(place / "x.yaml") == {"a": "second"})
    return False


def a_list_too_deep(place: Path) -> bool:
    (place / "x.yaml").write_text("a: " + "[" * 100 + "]" * 100, encoding="utf-8")
    with contextlib.suppress(yaml.YAMLError):
        return bool(read_yaml(place / "x.yaml"))
    return False


def a_path_that_leaves(place: Path) -> bool:
    path = params(place)
    shutil.copy(path.parent / "inputs/returns.csv", place / "secret.csv")
    text = path.read_text(encoding="utf-8").replace("inputs/returns.csv", "../secret.csv")
    path.write_text(text, encoding="utf-8")
    return not refused(lambda: read(path))


def a_link_that_leaves(place: Path) -> bool:
    path = params(place)
    inside, outside = path.parent / "inputs/returns.csv", place / "secret.csv"
    if not inside.is_symlink():
        inside.rename(outside)
        inside.symlink_to(outside)
    return not refused(lambda: read(path))


def a_story_without_consent(place: Path) -> bool:
    return not refused(lambda: read(params(place, "story-without-consent")))


def checks_switched_off(place: Path) -> bool:
    before = os.environ.get("PANDERA_VALIDATION_ENABLED")
    os.environ["PANDERA_VALIDATION_ENABLED"] = "False"
    try:
        return not refused(lambda: read(params(place)))
    finally:
        os.environ.pop("PANDERA_VALIDATION_ENABLED")
        os.environ.update({"PANDERA_VALIDATION_ENABLED": before} if before else {})


def a_payment_that_is_lost(place: Path) -> bool:
    """A fault in our own code: a row that is neither used nor excluded nor quarantined."""
    true = payments.sort_out
    payments.sort_out = lambda *given: (true(*given)[0].astype("str").replace("used", "lost"), [])
    try:
        read(params(place))
    except ValueError:
        return False
    finally:
        payments.sort_out = true
    return True


def a_page_that_reads_files(place: Path) -> bool:
    (place / "secret.txt").write_text("Quillfeather", encoding="utf-8")
    body = markup.tag("h1", "T") + markup.paragraph('#read("secret.txt")')
    pdf.to_pdf(html.page(body, CONTEXT), place / "page.pdf", CONTEXT)
    with pypdfium2.PdfDocument(place / "page.pdf") as made:
        return "Quillfeather" in made[0].get_textpage().get_text_range()


def a_notebook_that_failed(_: Path) -> bool:
    fault = nbformat.v4.new_output("error", ename="ValueError", evalue="x", traceback=[])
    cells = [
        nbformat.v4.new_markdown_cell("# T"),
        nbformat.v4.new_code_cell("f()", execution_count=1, outputs=[fault]),
    ]
    return not refused(lambda: html.to_html(nbformat.v4.new_notebook(cells=cells), CONTEXT))


def a_notebook_that_takes_other_parameters(place: Path) -> bool:
    cell = {"cell_type": "code", "source": 'parms_file = ""', "metadata": {"tags": ["parameters"]}}
    for name in ("main", "methods"):
        (place / f"{name}.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    return not refused(lambda: plan.reports_of(load(params(place)), ("mid-year",), (), place))


def half_a_run(place: Path) -> bool:
    run = RunFolder(place / "outputs" / "council" / "2022")
    with contextlib.suppress(RuntimeError), run.locked(), run.staged() as stage:
        (stage / "index.html").write_text("half")
        raise RuntimeError
    return run.home.exists()


def two_runs_at_once(place: Path) -> bool:
    run = RunFolder(place / "outputs" / "council" / "2022")
    with run.locked():
        return not refused(lambda: contextlib.ExitStack().enter_context(run.locked()))


def a_look_at_what_is_private(place: Path) -> bool:
    before, run = os.umask(0o022), RunFolder(place / "outputs" / "council" / "2022")
    try:
        with run.locked(), run.staged() as stage:
            (stage / "index.html").write_text("x")
            return bool(stage.stat().st_mode & 0o077)
    finally:
        os.umask(before)


def a_report_damaged_on_the_way(_: Path) -> bool:
    return not refused(lambda: cluster.undamaged((pickle.dumps("another report"), "0" * 64)))


def a_number_that_is_no_figure(_: Path) -> bool:
    true = Figure("spend.total.this", "total", "Spend", 100, "pence", DAY, "sum")
    printed = {"annual": [Printed(true.id, "99", "£1")]}
    return not refused(lambda: data_tables.reports_by_figure(printed, {true.id: true}))


def a_number_that_prints_as_another(_: Path) -> bool:
    true = Figure("spend.total.this", "total", "Spend", 100, "pence", DAY, "sum")
    printed = {"annual": [Printed(true.id, "100", "£9")]}
    return not refused(lambda: data_tables.reports_by_figure(printed, {true.id: true}))


def a_run_that_was_touched(place: Path) -> bool:
    run = place / "run"
    said = {
        "schema_version": manifest.SCHEMA_VERSION,
        "outputs": [{"path": "index.html", "sha256": "0" * 64}],
        manifest.PUBLISHED: "0" * 64,
    }
    for at in (run, beside(run)):
        at.mkdir(exist_ok=True)
        (at / "index.html").write_text("touched", encoding="utf-8")
        (at / manifest.NAME).write_text(json.dumps(said), encoding="utf-8")
    return manifest.is_intact(run)


def a_library_where_somebody_works(place: Path) -> bool:
    (place / "nbformat.py").write_text("", encoding="utf-8")
    before = list(sys.path)
    sys.path.insert(0, str(place))
    try:
        environment.isolate()
        found = PathFinder.find_spec("nbformat", sys.path)
    finally:
        sys.path[:] = before
    return bool(found and found.origin == str(place / "nbformat.py"))


def a_library_where_a_process_starts(place: Path) -> bool:
    (place / "planted_here.py").write_text("", encoding="utf-8")
    before = dict(os.environ)
    try:
        for name in SETTLED:
            os.environ.pop(name, None)
        environment.settle()
        command = [sys.executable, "-c", "import planted_here"]
        done = subprocess.run(command, cwd=place, capture_output=True, check=False)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return done.returncode == 0


def a_name_that_leaves_the_archive(place: Path) -> bool:
    files = {**test_archives.files_of(place / "sent"), "params/../../evil": b"evil"}
    path = test_archives.seal(place / "x.zip", files, test_archives.listed(files))
    shutil.rmtree(place / "sent")
    before = tempfile.tempdir
    tempfile.tempdir = str(place)
    try:
        with contextlib.suppress(ReportError), unsealed.unsealed(path):
            pass
    finally:
        tempfile.tempdir = before
    return (place / "evil").exists()


def outputs_of_a_notebook(*outputs: nbformat.NotebookNode) -> bool:
    """Whether a page is made of a notebook that shows something."""
    cells = [
        nbformat.v4.new_markdown_cell("# T"),
        nbformat.v4.new_code_cell("x", execution_count=1, outputs=list(outputs)),
    ]
    return not refused(lambda: html.to_html(nbformat.v4.new_notebook(cells=cells), CONTEXT))


def an_output_that_no_page_has(_: Path) -> bool:
    return outputs_of_a_notebook(nbformat.v4.new_output("display_data", {"text/plain": "9,999"}))


def markup_that_swallows_the_rest(_: Path) -> bool:
    shown = nbformat.v4.new_output("display_data", {"text/html": "<details><p>x</p>"})
    return outputs_of_a_notebook(shown)


def a_drawing_that_asks_for_a_file(_: Path) -> bool:
    drawn = "<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/passwd'/></svg>"
    alt = {"image/svg+xml": {"alt": "x"}}
    shown = nbformat.v4.new_output("display_data", {"image/svg+xml": drawn}, metadata=alt)
    return outputs_of_a_notebook(shown)


def a_number_typed_by_hand(place: Path) -> bool:
    cells = [nbformat.v4.new_markdown_cell("We hired 3 people.")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), place / "annual.ipynb")
    used = own_cells.used(place, ["annual"])["annual"]
    return not own_cells.in_words({"annual": used.entry()})


def no_more(patch: Patch, owner: object, name: str, instead: object = lambda *_, **__: ()) -> None:
    patch.setattr(owner, name, instead)


def any_key(patch: Patch) -> None:
    patch.setitem(PublicationFile.model_config, "extra", "ignore")
    PublicationFile.model_rebuild(force=True)


def both_walls(patch: Patch) -> None:
    """A path upwards is refused for what it says, and again for where it ends."""
    no_more(patch, input_files, "_leaves")
    no_more(patch, Path, "is_relative_to", lambda *_: True)


GUARDS: dict[str, tuple[Callable[[Path], bool], Callable[[Patch], None]]] = {
    "text is escaped": (
        a_script_in_a_page,
        lambda p: no_more(p, markup.entities, "escape", lambda text, **_: text),
    ),
    "raw HTML is off in Markdown": (
        a_script_in_a_story,
        lambda p: no_more(p, html, "_markdown", lambda: MarkdownIt("commonmark", {"html": True})),
    ),
    "a finished page is searched": (
        a_script_in_a_finished_page,
        lambda p: no_more(p, html.Reader, "faults"),
    ),
    "addresses of links": (
        a_link_that_runs,
        lambda p: no_more(p, markup, "SAFE_LINK", re.compile(".*")),
    ),
    "formulas in CSV": (
        a_formula_in_a_csv,
        lambda p: no_more(p, data_tables, "LIVE", re.compile("(?!)")),
    ),
    "text in XLSX is text": (
        a_formula_in_an_xlsx,
        lambda p: no_more(
            p, xlsxwriter.worksheet.Worksheet, "write_string", xlsxwriter.worksheet.Worksheet.write
        ),
    ),
    "text in ODS is text": (
        a_formula_in_an_ods,
        lambda p: no_more(
            p,
            workbook,
            "Environment",
            lambda **given: Environment(**{**given, "autoescape": False}),  # noqa: S701 the guard taken away
        ),
    ),
    "what a file unpacks to": (
        a_file_that_unpacks_to_more,
        lambda p: no_more(p, archives, "refuse_larger"),
    ),
    "cells far away": (a_cell_far_away, lambda p: no_more(p, workbooks, "_refuse_traps")),
    "unknown parameters": (a_parameter_that_is_none, any_key),
    "keys that stand twice": (
        a_key_that_stands_twice,
        lambda p: p.delattr("sv_lib.strict_yaml.StrictLoader.construct_mapping"),
    ),
    "lists too deep": (a_list_too_deep, lambda p: p.setattr("sv_lib.strict_yaml.DEEPEST", 1000)),
    "paths that leave": (a_path_that_leaves, both_walls),
    "links that leave": (
        a_link_that_leaves,
        lambda p: no_more(p, Path, "is_relative_to", lambda *_: True),
    ),
    "consent to stories": (a_story_without_consent, lambda p: no_more(p, validation, "_broken")),
    "checks cannot be switched off": (
        checks_switched_off,
        lambda p: no_more(p, pipeline, "refuse_unchecked_runs"),
    ),
    "control totals reconcile": (
        a_payment_that_is_lost,
        lambda p: no_more(p, table_values, "control_total", lambda file, *_: {"file": file.name}),
    ),
    "words are no program of the PDF": (
        a_page_that_reads_files,
        lambda p: no_more(p, pdf, "_design", lambda: EVALUATING),
    ),
    "failed notebooks": (a_notebook_that_failed, lambda p: no_more(p, html, "_require_run")),
    "parameters of notebooks": (
        a_notebook_that_takes_other_parameters,
        lambda p: no_more(p, plan, "check_parameters"),
    ),
    "a run is built beside its place": (
        half_a_run,
        lambda p: no_more(p, RunFolder, "stage", property(lambda run: run.home)),
    ),
    "one run at a time": (two_runs_at_once, lambda p: no_more(p, folder, "_take", lambda _: True)),
    "a run is for its maker": (
        a_look_at_what_is_private,
        lambda p: no_more(p, folder, "PRIVATE", 0o022),
    ),
    "reports from a cluster are whole": (
        a_report_damaged_on_the_way,
        lambda p: no_more(p, cluster, "sha256", lambda _: "0" * 64),
    ),
    "printed figures are the ledger's": (
        a_number_that_is_no_figure,
        lambda p: no_more(p, Figure, "exact", property(lambda _: "99")),
    ),
    "printed figures are written as they are": (
        a_number_that_prints_as_another,
        lambda p: no_more(p, data_tables, "display", lambda *_: "£9"),
    ),
    "only what is installed is imported": (
        a_library_where_somebody_works,
        lambda p: no_more(p, environment, "_own_path", lambda: list(sys.path)),
    ),
    "processes start away from their folder": (
        a_library_where_a_process_starts,
        lambda p: no_more(p, environment, "SAME_EVERYWHERE", {}),
    ),
    "names in an archive": (
        a_name_that_leaves_the_archive,
        lambda p: no_more(p, unsealed, "fault_of_name", lambda _: ""),
    ),
    "outputs are shown or refused": (
        an_output_that_no_page_has,
        lambda p: no_more(p, html, "_require_shown"),
    ),
    "markup ends what it begins": (
        markup_that_swallows_the_rest,
        lambda p: no_more(p, html, "open_end", lambda _: ""),
    ),
    "drawings ask for nothing": (
        a_drawing_that_asks_for_a_file,
        lambda p: no_more(p, html, "fault_of", lambda _: ""),
    ),
    "numbers typed by hand are named": (
        a_number_typed_by_hand,
        lambda p: no_more(p, own_cells, "in_words", lambda _: []),
    ),
    "a run that was touched": (
        a_run_that_was_touched,
        lambda p: no_more(p, manifest, "hash_of_file", lambda _: "0" * 64),
    ),
}


@pytest.fixture
def small(monkeypatch: Patch) -> Iterator[None]:
    """Limits that a small file reaches; the council's own settings, whatever a guard taken away did
    to them.
    """
    monkeypatch.delenv("SV_REAL_DATA", raising=False)
    monkeypatch.setattr(archives, "LARGEST", 50_000)
    monkeypatch.setattr(workbooks, "MOST_CELLS", 1000)
    yield
    monkeypatch.undo()
    PublicationFile.model_rebuild(force=True)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("guard", GUARDS)
def test_it_is_the_guard_that_protects(
    tmp_path: Path, monkeypatch: Patch, guard: str, record_property: Callable[[str, object], None]
) -> None:
    attack, take_away = GUARDS[guard]
    assert not attack(tmp_path), "the guard does not hold"
    with monkeypatch.context() as patch:
        take_away(patch)
        assert attack(tmp_path), "something else protects: this is not the guard"
    record_property("trust", "guards taken away, and the attack gets through")
