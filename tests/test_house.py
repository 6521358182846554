"""The rules of the house that no linter knows: sizes, names, thin notebooks, words without digits,
clean files.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    path for folder in ("sv_lib", "scripts", "benchmarks") for path in (ROOT / folder).rglob("*.py")
)
PACKAGE = [path for path in SOURCES if path.is_relative_to(ROOT / "sv_lib")]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
OPEN_NOTEBOOKS = [ROOT / "notebooks" / name for name in ("explore.ipynb", "methods.ipynb")]
"""Those that work in their cells: decision 18."""
PROSE = sorted((ROOT / "sv_lib" / "present").glob("prose*.yaml"))

LONGEST_MODULE, LONGEST_FUNCTION = 440, 50
EXPRESSIONS_A_STATEMENT, MOST_EXPRESSIONS = 5.9, 123_925
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
LARGEST_FILE, ALL_FILES = 3_000_000, 20_000_000

# Put together from parts, so that this file does not hold what it looks for.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("deb", "debian", "org"),
        ("npmjs", "org"),
        ("crates", "io"),
        ("anaconda", "org"),
    )
]
FOLDERS = ["work", "farm", "root", "tmp", "home", "Users"]
MACHINE = re.compile(
    rf"(?<![\w.$}}/)-])/(?:{'|'.join(FOLDERS)})/\w|[A-Z]:\\\\?Users\\|"
    + "|".join(map(re.escape, HOSTS))
)
# Looks for what is silenced without a word why, and for what is left for later; it silences nothing
# itself.
UNREASONED = re.compile(
    r"#\s*(?:noqa(?!: [A-Z]+\d+(, [A-Z]+\d+)* \w)|type: ignore(?!\[[\w, -]+\]  # "
    r"\w)|TODO|FIXME|XXX)"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: object) -> str:
    return str(path.relative_to(ROOT)) if isinstance(path, Path) else str(path)


def tracked() -> list[Path]:
    """Every file that is, or would be, in Git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        # A download: no list of its files.
        pytest.skip("did not run: this copy of the project is not a Git repository")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            yield path, content.decode("utf-8", errors="replace")


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def test_modules_and_functions_are_short_enough_to_read() -> None:
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE}
    lengths = {
        f"{name_of(path)}:{one.name}": (one.end_lineno or one.lineno) - one.lineno + 1
        for path in PACKAGE
        for one in functions(path)
    }
    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == {}
    assert {name: count for name, count in lengths.items() if count > LONGEST_FUNCTION} == {}


class WithoutTypesAndWords(ast.NodeTransformer):
    """Drops annotations, imports and docstrings: nobody should save on these."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._without_docstring(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._without_docstring(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(0)
        return self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        return None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        return None

    def _without_docstring(self, node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return self.generic_visit(node)


def test_a_statement_holds_what_a_reader_can_hold() -> None:
    """A ratchet: lower the two limits when you beat them. A limit on lines is met by packing."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE]
    nodes = [node for tree in trees for node in ast.walk(WithoutTypesAndWords().visit(tree))]
    expressions = sum(isinstance(node, ast.expr) for node in nodes)
    statements = sum(isinstance(node, ast.stmt) for node in nodes)
    assert expressions <= MOST_EXPRESSIONS
    assert expressions / statements <= EXPRESSIONS_A_STATEMENT


def test_no_line_escapes_the_formatter() -> None:
    escapes = ["# fmt: " + word for word in ("skip", "off")]
    texts_of = {name_of(path): path.read_text(encoding="utf-8") for path in SOURCES}
    assert [name for name, text in texts_of.items() if any(one in text for one in escapes)] == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_and_what_it_offers_say_what_they_are(path: Path) -> None:
    module = ast.parse(path.read_text(encoding="utf-8"))
    assert not module.body or ast.get_docstring(module), "the module has no docstring"
    offered = [
        n
        for n in module.body
        if isinstance(n, Function | ast.ClassDef) and not n.name.startswith("_")
    ]
    assert [
        node.name for node in offered if isinstance(node, Function) and not ast.get_docstring(node)
    ] == []


def test_no_measure_is_named_in_code() -> None:
    """Code selects measures by their group, so that a council's own take their place at once."""
    catalogue = (ROOT / "sv_lib" / "toms" / "catalogue").glob("*.yaml")
    families = "|".join(sorted({path.stem.rstrip("0123456789") for path in catalogue}))
    reference = re.compile(rf"\b(?:{families})\d+[a-z]?\b")
    texts_of = {name_of(path): path.read_text(encoding="utf-8") for path in PACKAGE}
    assert reference.search("claims of NT1a")
    assert [name for name, text in texts_of.items() if reference.search(text)] == []


def test_no_two_classes_have_one_name() -> None:
    """One word for one thing: somebody who searches for a class finds the one."""
    named = Counter[str]()
    for path in PACKAGE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                named[node.name] += 1
    assert [name for name, count in named.items() if count > 1] == []


def test_no_room_is_named_for_nothing() -> None:
    named = {part.split(".")[0] for path in SOURCES for part in path.relative_to(ROOT).parts}
    assert named & EMPTY_NAMES == set()


def test_exceptions_to_a_check_give_their_reason_and_nothing_is_left_to_do() -> None:
    found = [
        f"{name_of(path)}:{number}"
        for path, text in texts()
        if path.suffix == ".py"
        for number, line in enumerate(text.splitlines(), 1)
        if UNREASONED.search(line) and "UNREASONED" not in line
    ]
    assert found == []


def test_no_machine_and_no_registry_is_named() -> None:
    found = [
        f"{name_of(path)}:{number}: {match.group()}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := MACHINE.search(line))
    ]
    assert found == []


def test_files_stay_small_and_outputs_stay_out() -> None:
    files = tracked()
    assert [name_of(path) for path in files if path.stat().st_size > LARGEST_FILE] == []
    assert sum(path.stat().st_size for path in files) < ALL_FILES
    assert [name_of(path) for path in files if ROOT / "outputs" in path.parents] == [
        "outputs/README.md"
    ]


# What a cell of a page's notebook may hold: calls, assignments of calls, imports of the package. No
# loop, condition or sum.
THIN = (
    ast.Module,
    ast.Expr,
    ast.Assign,
    ast.Call,
    ast.Name,
    ast.Attribute,
    ast.Constant,
    ast.keyword,
    ast.expr_context,
    ast.Import,
    ast.ImportFrom,
    ast.alias,
)


def code_cells(path: Path) -> list[dict[str, Any]]:
    return [
        cell
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]


def faults(statement: ast.stmt) -> Iterator[str]:
    """What a statement of a notebook holds that it may not."""
    if not all(isinstance(node, THIN) for node in ast.walk(statement)):
        yield f"computes: {ast.unparse(statement)}"
    if isinstance(statement, ast.Expr | ast.Assign) and not isinstance(statement.value, ast.Call):
        yield f"is no call: {ast.unparse(statement)}"
    if isinstance(statement, ast.Import | ast.ImportFrom) and imported(statement) != ["sv_lib"]:
        yield f"imports more than the public face: {ast.unparse(statement)}"


def imported(statement: ast.Import | ast.ImportFrom) -> list[str | None]:
    """The modules that an import statement names."""
    if isinstance(statement, ast.ImportFrom):
        return [statement.module]
    return [alias.name for alias in statement.names]


MAY_IMPORT = {"sv_lib", "pandas", "numpy", "datetime", "decimal", "fractions"}
"""What an open notebook works with: our functions, frames, days and exact numbers."""
REACHES_OUT = re.compile(r"\.(?:read_|to_)\w+\(|\b(?:open|exec|eval|getattr|setattr)\(|__")
"""Reads or writes a file, or changes what the package does."""


@pytest.mark.parametrize("path", OPEN_NOTEBOOKS, ids=name_of)
def test_an_open_notebook_works_with_the_package_and_touches_no_file(path: Path) -> None:
    for cell in code_cells(path):
        text = "".join(cell["source"])
        assert not REACHES_OUT.search(text), text
        for statement in ast.walk(ast.parse(text)):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                roots = {str(name).partition(".")[0] for name in imported(statement)}
                assert roots <= MAY_IMPORT, text


def test_code_is_printed_where_it_shows_the_method_and_nowhere_else() -> None:
    for path in NOTEBOOKS:
        shown = [
            cell for cell in code_cells(path) if "show-code" in cell["metadata"].get("tags", ())
        ]
        assert bool(shown) == (path.stem == "methods")


@pytest.mark.parametrize("path", sorted({*NOTEBOOKS} - {*OPEN_NOTEBOOKS}), ids=name_of)
def test_a_notebook_only_calls_and_shows(path: Path) -> None:
    parameters, *others = code_cells(path)
    assert parameters["metadata"]["tags"] == ["parameters"]
    settings = ast.parse("".join(parameters["source"])).body
    assert settings
    assert all(
        isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) for node in settings
    )
    statements = [node for cell in others for node in ast.parse("".join(cell["source"])).body]
    assert [fault for statement in statements for fault in faults(statement)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    assert [
        cell["id"] for cell in code_cells(path) if cell["outputs"] or cell["execution_count"]
    ] == []


@pytest.mark.parametrize(
    "cell",
    [
        "x = 1 + 1",
        "total",
        "for a in b: show(a)",
        "show([i for i in r])",
        "import os",
        "from os import path",
        "import sv_lib, os",
        "from sv_lib.present.report import open_report",
        "show(lambda: 1)",
        "report.rows[0]",
        "if a: show(a)",
        "x = y",
    ],
)
def test_the_check_of_notebooks_finds(cell: str) -> None:
    assert [fault for statement in ast.parse(cell).body for fault in faults(statement)] != []


def worded(branch: object) -> Iterator[str]:
    if isinstance(branch, dict):
        for key, twig in branch.items():
            # The ids of figures are no prose: reach.jobs.10 is one.
            if key != "figures":
                yield from worded(twig)
    elif isinstance(branch, list):
        for twig in branch:
            yield from worded(twig)
    else:
        yield str(branch)


@pytest.mark.parametrize("path", PROSE, ids=name_of)
def test_no_digit_is_typed_in_prose(path: Path) -> None:
    sentences = list(worded(yaml.safe_load(path.read_text(encoding="utf-8"))))
    assert sentences
    assert [sentence for sentence in sentences if re.search(r"\d", sentence)] == []


def test_make_test_runs_every_check() -> None:
    if shutil.which("make") is None:
        pytest.skip("did not run: there is no make here")
    clean = {
        key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))
    }
    plan = subprocess.run(
        ["make", "-n", "test"], cwd=ROOT, env=clean, capture_output=True, text=True, check=True
    ).stdout
    for command in ("ruff check .", "ruff format --check .", "mypy", "lint-imports", "pytest"):
        assert f".venv/bin/{command}" in plan


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([linter, "--no-cache"], cwd=folder, capture_output=True, text=True)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the package whose imports can be spoilt."""
    shutil.copytree(
        ROOT / "sv_lib", tmp_path / "sv_lib", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_imports_go_one_way(copied: Path) -> None:
    linted = contracts(copied)
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("analysis/reach.py", "import sv_lib.figures.trail", "The data flows one way"),
        ("money.py", "import sv_lib.params", "The data flows one way"),
        ("figures/trail.py", "import sv_lib.present.markup", "The data flows one way"),
        (
            "analysis/reach.py",
            "import sv_lib.analysis.bridge",
            "Siblings inside analysis do not import each other",
        ),
        ("publish/page/context.py", "import sv_lib.publish.page.html", "No circles inside rooms"),
        ("analysis/reach.py", "import random", "The method is pure: no files, clock or randomness"),
        (
            "toms/valuation.py",
            "import pathlib",
            "The method is pure: no files, clock or randomness",
        ),
    ],
)
def test_an_import_against_the_flow_is_found(
    copied: Path, module: str, line: str, broken: str
) -> None:
    with (copied / "sv_lib" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    linted = contracts(copied)
    assert linted.returncode != 0
    assert f"{broken} BROKEN" in " ".join(linted.stdout.split())


def test_a_room_that_nobody_drew_is_found(copied: Path) -> None:
    (copied / "sv_lib" / "stray.py").write_text('"""A room."""\n', encoding="utf-8")
    linted = contracts(copied)
    assert linted.returncode != 0
    assert "stray" in linted.stdout
