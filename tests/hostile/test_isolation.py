"""Files named like libraries, wherever data lies: none of them is imported by any process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sv_lib.publish.run import environment

pytestmark = pytest.mark.slow
BASE = Path(__file__).resolve().parents[1] / "bad_inputs" / "base"
OF_PYTHON = (
    "__future__",
    "csv",
    "decimal",
    "json",
    "pathlib",
    "random",
    "sitecustomize",
    "tempfile",
    "typing",
    "usercustomize",
)
LIBRARIES = (
    "IPython",
    "ipykernel",
    "ipykernel_launcher",
    "matplotlib",
    "nbclient",
    "nbformat",
    "numpy",
    "pandas",
    "papermill",
    "pyarrow",
    "pydantic",
    "typer",
    "weasyprint",
    "xlsxwriter",
    "yaml",
)
PLACES = ("work", "params", "out", "tmp")


def plant(folder: Path, record: Path, names: tuple[str, ...]) -> None:
    """Put modules and packages in a folder that write their name when they are imported."""
    for number, name in enumerate(names):
        path = folder / name / "__init__.py" if number % 2 else folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        line = f"open({str(record)!r}, 'a').write({f'{folder.name}:{name} '!r})\n"
        path.write_text(line, encoding="utf-8")


@pytest.fixture(scope="module", params=["in-process", "real"])
def imported(
    request: pytest.FixtureRequest, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> set[str]:
    """What a run imported of the modules that all its folders are full of, with either kernel."""
    place = tmp_path_factory.mktemp("planted")
    record = place / "record.txt"
    shutil.copytree(BASE, place / "params")
    for name in PLACES:
        plant(place / name, record, (*OF_PYTHON, *LIBRARIES))
    # Python itself imports from PYTHONPATH before a line of ours, so these are libraries alone.
    plant(place / "pythonpath", record, LIBRARIES)
    plant(place / "work/profile_default/startup", record, ("00-first",))
    settings = "figure.dpi: 7\ntext.usetex: True\n"
    (place / "work/matplotlibrc").write_text(settings, encoding="utf-8")
    surroundings = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(root), str(place / "pythonpath")]),
        "IPYTHONDIR": str(place / "work"),
        "SV_KERNEL": request.param,
        "TMPDIR": str(place / "tmp"),
        "VIRTUAL_ENV": str(place / "work"),
    }
    surroundings.pop("PYTHONSAFEPATH", None)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sv_lib", "run", str(place / "params/publication.yaml")),
            *("--output-dir", str(place / "out"), "--jobs", "1"),
        ],
        cwd=place / "work",
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return set(record.read_text(encoding="utf-8").split()) if record.exists() else set()


@pytest.mark.parametrize("name", [*OF_PYTHON, *LIBRARIES, "00-first"])
def test_no_planted_module_is_imported(
    imported: set[str], name: str, record_property: Callable[[str, object], None]
) -> None:
    assert {found for found in imported if found.endswith(f":{name}")} == set()
    record_property("trust", "planted modules not imported")


@pytest.mark.parametrize("name", ["nbformat", "xlsxwriter", "json", "sitecustomize"])
def test_the_search_for_them_finds_what_is_imported(tmp_path: Path, name: str) -> None:
    """Without isolation a process that is started in such a folder imports it."""
    plant(tmp_path, tmp_path / "record.txt", (name,))
    started = {**os.environ, "PYTHONPATH": str(tmp_path)}
    started.pop("PYTHONSAFEPATH", None)
    subprocess.run([sys.executable, "-c", f"import {name}"], env=started, check=True)
    assert name in (tmp_path / "record.txt").read_text(encoding="utf-8")


def test_a_child_imports_nothing_from_where_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "planted_here.py").write_text("", encoding="utf-8")
    for name, value in {"PYTHONPATH": str(tmp_path), "VIRTUAL_ENV": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    for name in environment.SAME_EVERYWHERE:
        monkeypatch.setenv(name, "")
    environment.settle()
    done = subprocess.run(
        [sys.executable, "-c", "import sv_lib; print(sv_lib.__file__); import planted_here"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "No module named 'planted_here'" in done.stderr
    assert Path(done.stdout.strip()).parents[1] == Path(environment.ROOT)
