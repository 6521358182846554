"""A run folder that somebody sent: whatever it holds, it is read or refused, in words.

A row of ``MANIFESTS``, ``FOLDERS``, ``TABLES`` or ``TRAILS`` is one crafted folder: what was done
to a good one, and the words of the refusal.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from crafted import (
    HASH,
    RATIO,
    TRAIL_TYPES,
    WHOLE,
    Craft,
    a_run,
    claim,
    figure,
    figures,
    holds,
    is_large,
    is_pipe,
    is_socket,
    links,
    says,
    trail,
    without,
)

from sv_lib import cli
from sv_lib.errors import ParameterError, ReportError, on_one_line, visible
from sv_lib.publish.audit.compare import compare, opened
from sv_lib.publish.audit.trace import trace, write_rows
from sv_lib.publish.files import received, received_trail
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.verify import _cells_differ, verify

Case = tuple[Craft, str]
DEEP = b'{"council": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
MANIFESTS: dict[str, Case] = {
    "a council above": (says("council", "../../evil"), "'council': String should match"),
    "a council from the root": (says("council", "/var/evil"), "'council'"),
    "a council on a drive": (says("council", "C:\\evil"), "'council'"),
    "a council in a folder": (says("council", "a/b"), "'council'"),
    "a council in capitals": (says("council", "Test"), "'council'"),
    "no name of a council": (says("council", ""), "'council'"),
    "a council of blanks": (says("council", " "), "'council'"),
    "a council that ends a line": (says("council", "test\n"), "'council'"),
    "a long council": (says("council", "a" * 400), "'council': String should have at most 70"),
    "a council that is a number": (says("council", 5), "'council': Input should be a valid str"),
    "a council turned round": (says("council", "a\u202eb"), "'council'"),
    "no council": (says("council", ...), "'council': Field required"),
    "a publication above": (says("publication", "../x"), "'publication': String should match"),
    "a hidden publication": (says("publication", ".ssh"), "'publication'"),
    "parameters above": (
        says("parameters.publication.publication", "../../../etc/x"),
        "'parameters.publication.publication': String should match",
    ),
    "another profile": (
        says("parameters.publication.profile", "everything"),
        "'parameters.publication.profile': Input should be 'public' or 'exempt'",
    ),
    "no parameters": (says("parameters", {}), "'parameters.council': Field required"),
    "compared with what is above": (
        says(
            "compared_with",
            {"publication": "../../secrets", "manifest_sha256": HASH, "has_papers": True},
        ),
        "'compared_with.publication': String should match",
    ),
    "compared with the root": (
        says("compared_with", {"publication": "/etc", "manifest_sha256": HASH, "has_papers": True}),
        "'compared_with.publication'",
    ),
    "compared by no hash": (
        says("compared_with", {"publication": "a", "manifest_sha256": "zz", "has_papers": True}),
        "'compared_with.manifest_sha256'",
    ),
    "compared with a list": (says("compared_with", ["a"]), "'compared_with'"),
    "an output above": (says("outputs.0.path", "../x"), "'outputs.0.path': String should match"),
    "an output from the root": (says("outputs.0.path", "/etc/passwd"), "'outputs.0.path'"),
    "an output on a drive": (says("outputs.0.path", "C:/x"), "'outputs.0.path'"),
    "an output of Windows": (says("outputs.0.path", "data\\x"), "'outputs.0.path'"),
    "an output here": (says("outputs.0.path", "data/./x"), "'outputs.0.path'"),
    "an output that steers": (says("outputs.0.path", "x\x1b[2J"), "'outputs.0.path'"),
    "an output without a hash": (says("outputs.0.sha256", "1234"), "'outputs.0.sha256'"),
    "outputs that are none": (says("outputs", {"a": "b"}), "'outputs': Input should be a valid"),
    "outputs without end": (
        says("outputs", [{"path": "a", "sha256": HASH}] * (received.MOST_FILES + 1)),
        "'outputs': List should have at most 20000",
    ),
    "fewer rows than none": (says("inputs.0.rows", -1), "'inputs.0.rows'"),
    "rows in words": (says("inputs.0.rows", "3"), "'inputs.0.rows': Input should be a valid int"),
    "an input without end": (says("inputs.0.path", "a" * 2000), "'inputs.0.path'"),
    "a ward above": (says("reports", {"wards/../../x": {}}), "'reports.wards/../../x"),
    "reports in a list": (says("reports", ["annual"]), "'reports': Input should be an object"),
    "a correction of nothing": (says("corrections", [{}]), "'corrections.0.file': Field required"),
    "no code": (says("code_sha256", ...), "'code_sha256': Field required"),
    "versions of versions": (says("versions", {"a": {"b": "c"}}), "'versions.a'"),
    "no JSON": (holds("manifest.json", b"{council:"), "Invalid JSON"),
    "nothing": (holds("manifest.json", b""), "Invalid JSON"),
    "a list": (holds("manifest.json", b"[]"), "Input should be an object"),
    "null": (holds("manifest.json", b"null"), "Input should be an object"),
    "lists in lists": (holds("manifest.json", DEEP), "recursion limit exceeded"),
    "other letters": (holds("manifest.json", '{"a": 1}'.encode("utf-16")), "Invalid JSON"),
    "a manifest without end": (
        is_large("manifest.json", received.LARGEST_MANIFEST + 1),
        "more than 50,000,000 bytes",
    ),
}
FOLDERS: dict[str, Case] = {
    "a link to a file": (links("passwd", "/etc/passwd"), "passwd: it is a link"),
    "a link to a folder": (links("wards", "/etc"), "wards: it is a link"),
    "a link to itself": (links("loop", "loop"), "loop: it is a link"),
    "a link to the run": (links("again", ".."), "again: it is a link"),
    "figures elsewhere": (links("figures.csv", "/etc/passwd"), "figures.csv: it is a link"),
    "a manifest elsewhere": (links("manifest.json", "/dev/zero"), "manifest.json: it is a link"),
    "a pipe": (is_pipe("pipe"), "pipe: it is neither a file nor a folder"),
    "a pipe for a manifest": (is_pipe("manifest.json"), "manifest.json: it is neither"),
    "a pipe for figures": (is_pipe("figures.csv"), "figures.csv"),
    "a socket": (is_socket("socket"), "socket: it is neither a file nor a folder"),
    "folders in folders": (holds("a/b/c/d/e/f.txt", b"x"), "no name of a file of a run"),
    "a name that steers": (holds("x\x1b[2J.csv", b"x"), "x\\u001b[2J.csv: that is no name"),
    "a name on two lines": (holds("x\nsame  y", b"x"), "that is no name"),
    "a name of Windows": (holds("a\\b", b"x"), "that is no name"),
    "a name with a drive": (holds("C:x", b"x"), "that is no name"),
    "a hidden name": (holds(".bashrc", b"x"), ".bashrc: that is no name"),
    "a name like an option": (holds("-rf", b"x"), "-rf: that is no name"),
    "a name turned round": (holds("fdp\u202e.exe", b"x"), "fdp\\u202e.exe: that is no name"),
    "a long name": (holds("a" * 200, b"x"), "that is no name"),
    "a file without end": (is_large("big.csv", received.LARGEST + 1), "more than 2,000,000,000"),
}
CHAIN = [figure(f"a.{n}", value="1", operation="mean", parts=f"a.{n + 1}") for n in range(100)]
DOUBLED = [
    figure(f"a.{n}", value="1", operation="mean", parts=f"a.{n + 1} a.{n + 1}") for n in range(40)
]
TABLES: dict[str, Case] = {
    "no column of parts": (without("figures.csv", "parts"), "it has no column parts"),
    "no column of ids": (without("figures.csv", "figure_id"), "it has no column figure_id"),
    "no heading": (holds("figures.csv", b""), "figures.csv: it has no column figure_id"),
    "a value in words": (figures(figure(RATIO, value="12x")), "row 2, value: '12x' is not a num"),
    "a value without end": (figures(figure(RATIO, value="1e999999999")), "'1e999999999' is not"),
    "a value that is none": (figures(figure(RATIO, value="NaN")), "'NaN' is not a number"),
    "a value beyond all": (figures(figure(RATIO, value="Infinity")), "'Infinity' is not"),
    "a value of other digits": (figures(figure(RATIO, value="٣")), "'٣' is not a number"),
    "a value of 31 digits": (figures(figure(RATIO, value="9" * 31)), "is not a number"),
    "a figure made of itself": (figures(figure(RATIO, parts=RATIO)), "made of each other"),
    "figures in a circle": (
        figures(figure("a", parts="b"), figure("b", parts="c"), figure("c", parts="a")),
        "figures are made of each other",
    ),
    "a figure of nothing": (figures(figure(RATIO, parts="x.y")), "'x.y', which is not there"),
    "a quotient of one": (
        figures(figure(RATIO, value="1", operation="÷", parts=WHOLE)),
        "has too few parts for '÷'",
    ),
    "figures behind figures": (
        figures(*CHAIN, figure("a.100", value="1")),
        "made of too many figures to be followed",
    ),
    "figures that double": (
        figures(*DOUBLED, figure("a.40", value="1")),
        "made of too many figures to be followed",
    ),
    "too few cells": (holds("figures.csv", b"a,b\n1\n"), "it has no column"),
    "not UTF-8": (holds("figures.csv", b"\xff\xfe\x00"), "cannot be read as a table"),
    "a nought": (holds("figures.csv", b"a\0b,c\n"), "figures.csv: it"),
    "a quotation left open": (holds("figures.csv", b'a,"b\n1,2'), "cannot be read as a table"),
    "a cell without end": (
        figures(figure(RATIO, label="x" * (received.LONGEST_CELL + 1))),
        "field larger than field limit",
    ),
    "a table without end": (
        is_large("figures.csv", received.LARGEST_TABLE + 1),
        "figures.csv: it has more than 500,000,000 bytes",
    ),
    "a claim in no row": (claim(source_row=""), "row 2, source_row: '' is not a number"),
    "a claim in half a row": (claim(source_row="1.5"), "'1.5' is not a number"),
    "a claim worth words": (claim(value_pence="much"), "value_pence: 'much' is not a number"),
    "claims without rows": (without("claims.csv", "source_row"), "it has no column source_row"),
    "a claim too long": (
        lambda run: (run / "claims.csv").open("a").write("a,b\n"),
        "claims.csv, row 2: it has more or fewer cells",
    ),
    "commitments without a unit": (without("data/commitments.csv", "unit"), "no column unit"),
    "proxies without a source": (without("data/proxies.csv", "source"), "no column source"),
    "corrections by nobody": (without("corrections.csv", "who"), "no column who"),
}
NUMBERS_OF_TEXT = [pa.string(), pa.string(), pa.int64(), pa.string(), pa.bool_()]
TRAILS: dict[str, Case] = {
    "no Parquet": (holds("trail.parquet", b"figure_id\n"), "it cannot be read"),
    "half of a Parquet": (holds("trail.parquet", b"PAR1" + b"\0" * 60 + b"PAR1"), "cannot"),
    "no trail": (lambda run: (run / "trail.parquet").unlink(), "it cannot be read"),
    "amounts in words": (trail(NUMBERS_OF_TEXT, amount=["1", "x"]), "its columns are not"),
    "one column more": (trail([*TRAIL_TYPES, pa.string()], more=["a", "b"]), "its columns are"),
    "a row of nothing": (trail(source_row=[2, None]), "a cell in it is blank"),
    "an amount of nothing": (trail(amount=[None, None]), "a cell in it is blank"),
}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A good run folder."""
    return a_run(tmp_path / "sent" / "2022-annual")


def test_the_good_folder_is_read(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert opened(run).name == "test/2022-annual"
    assert "added again £1.50: agrees with the figure, 2 rows" in trace(run, RATIO)
    assert compare(run, run)[2:4] == ["What went in differently", "  nothing"]
    found = verify(run)
    assert found.differences == [] and "HASHES ALONE" in found.lines[-1]


@pytest.mark.parametrize("case", [*MANIFESTS, *FOLDERS])
@pytest.mark.parametrize("where", ["run", "papers"])
def test_what_a_folder_should_not_hold_is_refused(
    run: Path, tmp_path: Path, where: str, case: str, record_property: Callable[[str, object], None]
) -> None:
    craft, words = (MANIFESTS | FOLDERS)[case]
    craft(run if where == "run" else beside(run))
    before = sorted(tmp_path.rglob("*"))
    commands = [lambda: verify(run, jobs=1), lambda: compare(run, run), lambda: trace(run, WHOLE)]
    for command in commands:
        with pytest.raises(ParameterError) as fault:
            command()
        assert words in str(fault.value)
    assert sorted(tmp_path.rglob("*")) == before
    record_property("trust", "crafted run folders refused")


@pytest.mark.parametrize("case", [*TABLES, *TRAILS])
def test_what_a_table_should_not_hold_is_refused(
    run: Path, case: str, record_property: Callable[[str, object], None]
) -> None:
    craft, words = (TABLES | TRAILS)[case]
    for folder in (run, beside(run)):
        with contextlib.suppress(FileNotFoundError):  # each table lies in one of the two, or both
            craft(folder)
    (run / "trail.parquet").unlink(missing_ok=True)
    with pytest.raises(ParameterError) as fault:
        trace(run, WHOLE)
    assert words in str(fault.value)
    record_property("trust", "crafted run folders refused")


CELLS: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"{", "Invalid JSON"),
    "cells of another kind": (b'{"cells": 5}', "'cells': Input should be a valid array"),
    "a cell of nothing": (b'{"cells": [{}]}', "'cells.0.cell_type': Field required"),
    "lists in lists": (b'{"cells": ' + b"[" * 10_000, "recursion limit exceeded"),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_notebook_that_is_none_is_refused(tmp_path: Path, case: str) -> None:
    content, words = CELLS[case]
    (tmp_path / "annual.ipynb").write_bytes(content)
    with pytest.raises(ParameterError, match=r"annual\.ipynb: ") as fault:
        received.cells(tmp_path / "annual.ipynb")
    assert words in str(fault.value)


def test_notebooks_of_other_cells_are_named(tmp_path: Path) -> None:
    for name, source in (("then", '["a", "b"]'), ("now", '"ab"'), ("other", '"abc"')):
        (tmp_path / name).mkdir()
        said = f'{{"cells": [{{"cell_type": "code", "source": {source}}}]}}'
        (tmp_path / name / "n.ipynb").write_text(said, encoding="utf-8")
    assert not _cells_differ(tmp_path / "then", tmp_path / "now", "n.ipynb")
    assert _cells_differ(tmp_path / "then", tmp_path / "other", "n.ipynb")


def test_the_rows_of_a_trace_hold_no_live_formula(run: Path, tmp_path: Path) -> None:
    trail(source_file=["=1+1", "@x"])(beside(run))
    write_rows(run, WHOLE, tmp_path / "rows.csv")
    written = (tmp_path / "rows.csv").read_text(encoding="utf-8")
    assert ",'=1+1," in written and ",'@x," in written


def test_more_files_or_rows_than_a_run_has_are_refused(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(received_trail, "MOST_ROWS", 1)
    with pytest.raises(
        ParameterError, match=r"trail\.parquet: it says that it has more than 1 row"
    ):
        trace(run, WHOLE)
    monkeypatch.setattr(received, "MOST_FILES", 5)
    with pytest.raises(ParameterError, match="it holds more than 5 files"):
        opened(run)


LABELS = {
    "clears the screen": "Spend\x1b[2J\x1b[H",
    "forges a line": f"Spend\n  added again £9.99: agrees\n{WHOLE}",
    "goes back": "Spend\r\rProfit",
    "writes a title": "\x1b]0;root\x07",
    "eight bits": "\x9b2J",
    "turned round": "Spend \u202e00.5£",
    "isolated": "\u2066x\u2069",
    "not seen": "Sp\u200bend\u2060\ufeff",
    "deleted": "Spend\x7f\x08",
    "half a letter": "x\u00adx",
}


@pytest.mark.parametrize("label", LABELS)
def test_no_word_of_a_folder_steers_the_terminal(
    run: Path, label: str, record_property: Callable[[str, object], None]
) -> None:
    figures(figure(RATIO, label=LABELS[label], display=LABELS[label]))(beside(run))
    said = trace(run, RATIO)
    assert visible(said) == said
    assert said.splitlines()[0] == f"{RATIO}: {on_one_line(LABELS[label])}"
    assert len(said.splitlines()) == 4
    record_property("trust", "texts that would steer a terminal, shown as they are")


def test_a_command_says_it_in_words_and_with_its_exit_code(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    says("council", "x\x1b[2J")(run)
    monkeypatch.setattr(sys, "argv", ["svreport", "verify", str(run)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("Error: manifest.json: 'council': String should match pattern")
    assert "ask whoever sent it for the folder as svreport made it." in said


def test_a_fault_names_what_it_found_without_its_codes() -> None:
    assert "a\\u001b[2Jb" in str(ReportError("a\x1b[2Jb", "x", "y", "z"))
