"""An archive that somebody sent: what it holds is what an archive of ours may hold, or it is
refused, in words, and nothing of it is left.

A row of ``ENTRIES`` or ``LISTS`` is one crafted archive and the words of its refusal.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from crafted import a_run

from sv_lib.errors import ParameterError
from sv_lib.publish.files import unsealed as reading
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.files.unsealed import unsealed
from sv_lib.publish.verify import verify

PARAMS = "params/test/2022-annual.yaml"
Files = dict[str, bytes]
Change = dict[str, Any]


def files_of(place: Path) -> Files:
    """What a good archive of the crafted run holds, but for its list."""
    run = a_run(place / "2022-annual")
    found = {PARAMS: b"publication: 2022-annual\n", "params/test/council.yaml": b"id: test\n"}
    for folder in (run, beside(run)):
        for path in folder.rglob("*"):
            if path.is_file():
                name = f"outputs/test/{folder.name}/{path.relative_to(folder).as_posix()}"
                found[name] = path.read_bytes()
    return found


def listed(held: Files, **said: Any) -> bytes:
    """The list of an archive."""
    content = {
        "schema_version": 1,
        "council": "test",
        "publication": "2022-annual",
        "params": "test/2022-annual.yaml",
        "code_sha256": "0" * 64,
        "lock_sha256": None,
        "commit": None,
        "versions": {},
        "files": [
            {"path": name, "sha256": hashlib.sha256(one).hexdigest(), "size": len(one)}
            for name, one in held.items()
        ],
    }
    return json.dumps(content | said).encode()


def seal(path: Path, files: Files, said: bytes, mode: int = stat.S_IFREG | 0o600) -> Path:
    """An archive that holds some files and says something of them; the last has a mode."""
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("archive.json", said)
        for name, held in files.items():
            entry = zipfile.ZipInfo(name)
            entry.filename = name  # also one that zipfile would put right
            entry.external_attr = (mode if name == [*files][-1] else 0o100600) << 16
            packed.writestr(entry, held)
    return path


NAMES = {
    "above": "../evil",
    "above, within": "params/../../evil",
    "above from a run": "outputs/test/2022-annual/../../../../evil",
    "from the root": "/evil",
    "from the root, in a folder": "params//etc/passwd",
    "on a drive": "C:/evil",
    "on a drive, in a folder": "params/C:evil",
    "of Windows": "params\\evil",
    "above, of Windows": "params/..\\..\\evil",
    "on another machine": "\\\\host\\share\\evil",
    "here": "params/./evil",
    "hidden": "params/.bashrc",
    "at home": "params/~root",
    "a device": "params/CON",
    "a device with an ending": "params/nul.csv",
    "a stream": "params/a.csv:hidden",
    "that ends in a dot": "params/evil.",
    "that ends in a blank": "params/evil ",
    "that steers": "params/a\x1b[2J",
    "on two lines": "params/a\nb",
    "turned round": "params/a\u202egpj",
    "not seen": "params/a\u200bb",
    "of a pattern": "params/*.csv",
    "too long": "params/" + "a" * 200,
    "too deep": "params/" + "a/" * 20 + "x",
    "in no folder": "evil",
    "in another folder": "bin/evil",
    "a folder": "params/",
    "the list again": "Archive.json",
    "a code to be run": "sitecustomize.py",
}
"""Names that no archive has."""
LISTS: dict[str, tuple[Change, str]] = {
    "a council above": ({"council": "../../evil"}, "'council': String should match"),
    "a publication above": ({"publication": "../x"}, "'publication': String should match"),
    "parameters above": ({"params": "../../etc/passwd"}, "it names no parameter file that is"),
    "parameters from the root": ({"params": "/etc/passwd"}, "it names no parameter file"),
    "parameters of a folder": ({"params": "test"}, "it names no parameter file that is there"),
    "another version": ({"schema_version": 2}, "'schema_version'"),
    "no files": ({"files": []}, "it does not list the files that are there"),
    "files that are none": ({"files": "all"}, "'files'"),
    "a size below none": ({"files": [{"path": "a", "sha256": "0" * 64, "size": -1}]}, "size"),
    "no hash": ({"files": [{"path": "a", "sha256": "x", "size": 1}]}, "sha256"),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made, which has to be empty afterwards."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def refused(path: Path, home: Path) -> str:
    """The words in which an archive is refused, after which nothing is left of it."""
    before = sorted(home.parent.rglob("*"))
    with pytest.raises(ParameterError) as fault, unsealed(path):
        pass
    assert sorted(home.parent.rglob("*")) == before
    assert fault.value.exit_code == 2
    return str(fault.value)


def test_a_good_archive_is_read(tmp_path: Path, home: Path) -> None:
    files = files_of(tmp_path)
    path = seal(tmp_path / "x.archive.zip", files, listed(files))
    with unsealed(path) as sealed:
        assert sealed.params.read_bytes() == files[PARAMS]
        assert sealed.files == len(files)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("case", NAMES)
def test_a_name_that_no_archive_has_is_refused(
    tmp_path: Path, home: Path, case: str, record_property: Callable[[str, object], None]
) -> None:
    files = files_of(tmp_path) | {NAMES[case]: b"evil"}
    said = refused(seal(tmp_path / "x.zip", files, listed(files)), home)
    assert any(
        words in said
        for words in (
            "that is no name of a file of an archive",
            "it lies in no folder that an archive has",
            "it lies too deep",
            "it stands there twice",
        )
    )
    record_property("trust", "crafted archives refused")


@pytest.mark.parametrize("case", LISTS)
def test_a_list_that_says_what_it_should_not_is_refused(
    tmp_path: Path, home: Path, case: str, record_property: Callable[[str, object], None]
) -> None:
    change, words = LISTS[case]
    files = files_of(tmp_path)
    assert words in refused(seal(tmp_path / "x.zip", files, listed(files, **change)), home)
    record_property("trust", "crafted archives refused")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_a_link_a_pipe_and_a_device_are_refused(tmp_path: Path, home: Path, kind: int) -> None:
    files = files_of(tmp_path) | {"params/test/inputs/returns.csv": b"/etc/passwd"}
    path = seal(tmp_path / "x.zip", files, listed(files), kind | 0o777)
    assert "returns.csv: it is a link, or no file" in refused(path, home)


def test_a_name_that_stands_twice_is_refused(tmp_path: Path, home: Path) -> None:
    files = files_of(tmp_path) | {"params/test/COUNCIL.yaml": b"id: evil\n"}
    path = seal(tmp_path / "x.zip", files, listed(files))
    assert "COUNCIL.yaml: it stands there twice" in refused(path, home)


def test_a_file_that_is_not_the_one_listed_is_refused(tmp_path: Path, home: Path) -> None:
    files = files_of(tmp_path)
    for other in (b"publication: 2023-annual\n", b"", b"x" * 5_000_000):
        path = seal(tmp_path / "x.zip", files | {PARAMS: other}, listed(files))
        words = "2022-annual.yaml: it is not the file that archive.json tells of"
        assert words in refused(path, home)


def test_sizes_and_counts_have_bounds(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = files_of(tmp_path)
    path = seal(tmp_path / "x.zip", files, listed(files))
    for name, bound, words in (
        ("MOST_FILES", 3, "it holds more than 3 files"),
        ("LARGEST_ARCHIVE", 99, "it unpacks to more than 99 bytes"),
        ("LARGEST", 9, "it has more than 9 bytes"),
        ("LARGEST_LISTING", 7, "its listing has more than 7 bytes"),
        ("LARGEST_MANIFEST", 5, "it is not there, or too large"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(reading, name, bound)
            assert words in refused(path, home)


def test_a_file_that_unpacks_to_more_than_it_says_is_refused(tmp_path: Path, home: Path) -> None:
    """A bomb: the zip's head and the list say ten bytes, and no more is ever written."""
    bomb = "params/test/z.csv"
    files = files_of(tmp_path)
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("archive.json", listed(files | {bomb: b"0" * 10}))
        for name, held in {**files, bomb: b"0" * 50_000_000}.items():
            packed.writestr(name, held)
        packed.getinfo(bomb).file_size = 10
    assert "x.zip: it cannot be read (BadZipFile)" in refused(tmp_path / "x.zip", home)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is no archive that svreport wrote"),
        (b"PK", "it is no archive that svreport wrote"),
        (b"PK\x05\x06" + b"\0" * 18, "archive.json: it is not there"),
        (b"%PDF-1.7", "it is no archive that svreport wrote"),
    ],
)
def test_what_is_no_archive_is_refused(
    tmp_path: Path, home: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "x.archive.zip"
    path.write_bytes(content)
    assert words in refused(path, home)


def test_a_damaged_archive_is_refused(tmp_path: Path, home: Path) -> None:
    files = files_of(tmp_path)
    path = seal(tmp_path / "x.zip", files, listed(files))
    whole = path.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            with unsealed(path):
                pass  # a byte that nothing depends on
        except ParameterError:
            pass
        assert list(home.iterdir()) == []


def test_a_locked_archive_is_refused(tmp_path: Path, home: Path) -> None:
    files = files_of(tmp_path)
    path = seal(tmp_path / "x.zip", files, listed(files))
    held = bytearray(path.read_bytes())
    at = held.find(b"PK\x01\x02", held.find(b"PK\x01\x02") + 4)
    held[at + 8] |= 1
    path.write_bytes(held)
    assert "it is locked, or packed in another way than ours" in refused(path, home)


def test_a_pipe_in_place_of_an_archive_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.archive.zip")
    with pytest.raises(ParameterError, match="missing or cannot be used"):
        verify(tmp_path / "x.archive.zip")


def test_its_parameters_reach_no_file_of_this_machine(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real data of whoever verifies is not what an archive's parameters are compared with."""
    secret = tmp_path / "real" / "secret.csv"
    secret.parent.mkdir()
    secret.write_text("x", encoding="utf-8")
    monkeypatch.setenv("SV_REAL_DATA", str(secret.parent))
    files = files_of(tmp_path)
    with unsealed(seal(tmp_path / "x.zip", files, listed(files))) as sealed:
        assert list(sealed.real_data.iterdir()) == []
