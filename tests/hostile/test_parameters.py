"""Parameters and paths that try to run, read or write something: none does, each is refused or
taken as a name.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from sv_lib.errors import ReportError
from sv_lib.home import NOTEBOOKS
from sv_lib.intake.pipeline import read_inputs, require
from sv_lib.params import load
from sv_lib.publish.run import plan
from sv_lib.publish.run.folder import RunFolder

BASE = Path(__file__).resolve().parents[1] / "bad_inputs" / "base"
CODE = "__import__('pathlib').Path('pwned').touch()"
LONG = "x" * 100_000

NAMES = (
    CODE,
    f"x = {CODE}",
    f"x); {CODE}; (",
    f"x\n{CODE}",
    "params_file",
    "calculation",
    "__class__",
    "ward",
    "exec",
    "import os",
    "lambda: 0",
    "${IFS}",
    "x;touch pwned",
    "`touch pwned`",
    "$(touch pwned)",
    "{x.__init__.__globals__}",
    "title ",
    " title",
    "TITLE",
    "ｔｉｔｌｅ",
    "tіtle",
    "title\u200b",
    "ti\u0000tle",
    LONG,
    "0",
    "-",
    "<<",
    "../title",
)
"""Names of parameters that do not exist; the Cyrillic, the wide and the invisible among them."""

IDS = (
    "..",
    ".",
    "../../etc",
    "/etc/passwd",
    "a/b",
    "a\\b",
    "C:\\x",
    "~root",
    "x\u0000y",
    "x\ny",
    "{x}",
    "%s",
    "con ",
    "-rf",
    "x y",
    "ａｂｃ",
    "раypal",
    "x\u202ey",
    "a" * 61,
    "A",
    "",
    CODE,
    "*",
    "a..b",
    "a.b",
    "$HOME",
    "x;y",
    "'",
    '"',
    "|",
)
"""Values for ``publication`` and ``id``, which name folders."""

PATHS = (
    "../secret.csv",
    "inputs/../../secret.csv",
    "/etc/passwd",
    "//etc/passwd",
    "~/secret.csv",
    "~root/x",
    "C:\\secret.csv",
    "\\\\server\\share\\x.csv",
    "file:///etc/passwd",
    "https://evil.example/x.csv",
    "inputs/..",
    "..",
    ".",
    "",
    "./",
    "/",
    "inputs\\..\\..\\secret.csv",
    "$HOME/x",
    "${HOME}/x",
    "${SV_REAL_DATA}/../x",
    "$(touch pwned)",
    "`touch pwned`",
    "inputs/%2e%2e/%2e%2e/secret.csv",
    "inputs/\u2025/secret.csv",
    "inputs/\uff0e\uff0e/secret.csv",
    "in\u0000puts/x.csv",
    "inputs/" + LONG,
    "inputs/link-out.csv",
    "inputs/folder-out/secret.csv",
    "inputs/*/../../../secret.csv",
    "**/../../*",
    "inputs/pipe.csv",
    "/dev/stdin",
    "/proc/self/environ",
    "inputs/loop.csv",
    "|touch pwned",
    "-",
    "inputs/\nsecret.csv",
)

DOCUMENTS = {
    "python object": "title: !!python/object/apply:os.system ['touch pwned']",
    "python name": "title: !!python/name:os.system",
    "python module": "title: !!python/module:os",
    "python new": "title: !!python/object/new:subprocess.Popen [['touch', 'pwned']]",
    "own tag": "title: !run 'touch pwned'",
    "binary tag": "title: !!binary dG91Y2g=",
    "alias bomb": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "\n".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]" for n in range(9)
    ),
    "merge key": "<<: {title: x}",
    "self alias": "a: &a [*a]",
    "deep nesting": "title: " + "[" * 5000 + "]" * 5000,
    "deep mapping": "title: " + "{a: " * 3000 + "x" + "}" * 3000,
    "two documents": "title: x\n---\ntitle: y",
    "repeated key": "kind: annual",
    "complex key": "? [a, b]\n: x",
    "long scalar": f"title: {LONG}\nmore: x",
    "NUL": "title: a\0b",
    "control characters": "title: a\x1bb",
    "directive": "%YAML 9.9\n---\ntitle: x",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A parameters folder with secrets around it; nothing of it may be read, and ``pwned`` may not
    come to be.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SV_REAL_DATA", raising=False)
    (tmp_path / "secret.csv").write_text("payment_id,secret\nTOP SECRET,x\n")
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(tmp_path / "secret.csv", tmp_path / "elsewhere/secret.csv")
    shutil.copytree(BASE, tmp_path / "params" / "test")
    inputs = tmp_path / "params/test/inputs"
    (inputs / "link-out.csv").symlink_to(tmp_path / "secret.csv")
    (inputs / "folder-out").symlink_to(tmp_path / "elsewhere")
    (inputs / "loop.csv").symlink_to("loop.csv")
    os.mkfifo(inputs / "pipe.csv")
    return tmp_path / "params" / "test"


def write(
    folder: Path, change: Callable[[dict[str, object]], None], name: str = "publication.yaml"
) -> None:
    path = folder / name
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 every scalar as text
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, width=10**9), encoding="utf-8")


def refused(folder: Path) -> str:
    """What is said when the parameters are read; they must not be taken."""
    before = sorted(path for path in folder.parents[1].rglob("*"))
    with pytest.raises(ReportError) as refusal:
        require(read_inputs(load(folder / "publication.yaml")))
    said = str(refusal.value)
    assert sorted(path for path in folder.parents[1].rglob("*")) == before, "something was written"
    assert "TOP SECRET" not in said
    assert len(said) < 20_000
    assert refusal.value.exit_code in (2, 3)
    return said


@pytest.fixture(autouse=True)
def _counted(
    record_property: Callable[[str, object], None], request: pytest.FixtureRequest
) -> None:
    if request.node.name.startswith("test_hostile"):
        record_property("trust", "hostile parameters and paths refused")


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_hostile_name_of_a_parameter(folder: Path, number: int) -> None:
    write(folder, lambda content: content.update({NAMES[number]: "x"}))
    assert "publication.yaml" in refused(folder)


@pytest.mark.parametrize("key", ["publication", "id"])
@pytest.mark.parametrize("number", range(len(IDS)))
def test_hostile_name_of_a_folder(folder: Path, number: int, key: str) -> None:
    name = "publication.yaml" if key == "publication" else "council.yaml"
    write(folder, lambda content: content.update({key: IDS[number]}), name)
    assert key in refused(folder)


NAMED = [
    (number, key)
    for number, path in enumerate(PATHS)
    for key in ("payments", "payments_layout", "corrections")
    if path or key != "corrections"  # a blank means that there are no corrections
]


@pytest.mark.parametrize(("number", "key"), NAMED)
def test_hostile_path_of_an_input(folder: Path, number: int, key: str) -> None:
    def change(content: dict[str, object]) -> None:
        if key == "corrections":
            content[key] = PATHS[number]
        else:
            inputs = content["inputs"]
            assert isinstance(inputs, dict)
            inputs[key] = PATHS[number]

    write(folder, change)
    refused(folder)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_hostile_document(folder: Path, name: str) -> None:
    path = folder / "publication.yaml"
    text = path.read_text(encoding="utf-8")
    if name != "repeated key":
        text = "".join(
            line for line in text.splitlines(keepends=True) if not line.startswith("title:")
        )
    path.write_text(f"{text}{DOCUMENTS[name]}\n", encoding="utf-8")
    refused(folder)
    assert not (folder.parents[1] / "pwned").exists()


@pytest.mark.parametrize("number", range(len(IDS)))
def test_hostile_ward_on_the_command_line(folder: Path, number: int) -> None:
    with pytest.raises(ReportError, match="is not a"):
        plan.reports_of(load(folder / "publication.yaml"), ("wards",), (IDS[number],), NOTEBOOKS)


@pytest.mark.parametrize("place", ["home", "work", "old", "failed"])
def test_hostile_link_where_the_run_folder_goes(tmp_path: Path, place: str) -> None:
    """A link in the place of a run's folders leads nothing out of the output folder; what it names
    stays.
    """
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    folder = RunFolder(tmp_path / "out" / "council" / "2022")
    folder.home.parent.mkdir(parents=True)
    getattr(folder, place).symlink_to(outside)
    try:
        with folder.locked(), folder.staged() as stage:
            (stage / "index.html").write_text("x")
            folder.move_into_place()
    except (OSError, ReportError):
        pass
    assert [path.name for path in outside.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize(
    "options",
    [
        ("--reports", "../x"),
        ("--reports", CODE),
        ("--ward", "../../x"),
        ("--jobs", "0"),
        ("--jobs", "1e9"),
        ("--reports", "\u202ewards"),
        ("--no-such",),
    ],
)
def test_hostile_options_of_the_command_line(
    folder: Path, root: Path, options: tuple[str, ...]
) -> None:
    command = [sys.executable, "-m", "sv_lib", "run", str(folder / "publication.yaml"), *options]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (folder.parents[1] / "pwned").exists()
    assert not (folder.parents[1] / "outputs").exists()
