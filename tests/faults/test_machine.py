"""Faults of the machine and the people at it: inputs, disks, memory, signals, clocks, two runs at
once.
"""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import xlsxwriter
from command import Council, Good

from sv_lib.publish.files.manifest import beside

pytestmark = pytest.mark.slow
PROGRAM, PARAMETERS, INPUT, NOTEBOOK, RENDERING = 1, 2, 3, 4, 5
WHY = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ESTALE, errno.EMFILE)
STAGES = ("intake", "calculation", "reports", "data files", "workbook", "manifest", "move")


def cut(name: str, share: float) -> Callable[[Path], None]:
    """Only the first part of a file arrived."""

    def fault(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: int(len(content) * share)])

    return fault


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def fault(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    return fault


def workbook_cut(folder: Path) -> None:
    """The suppliers came as a workbook and half of it is missing."""
    with xlsxwriter.Workbook(str(folder / "inputs/suppliers.csv")) as book:
        book.add_worksheet().write_row(0, 0, ["supplier_id", "supplier_name"])
    cut("inputs/suppliers.csv", 0.5)(folder)


def packed_cut(folder: Path) -> None:
    path = folder / "inputs/payments.csv"
    path.write_bytes(gzip.compress(path.read_bytes())[:-12])


def a_folder(folder: Path) -> None:
    (folder / "inputs/returns.csv").unlink()
    (folder / "inputs/returns.csv").mkdir()


def gone(folder: Path) -> None:
    (folder / "inputs/contracts.csv").unlink()


INPUTS: dict[str, tuple[Callable[[Path], None], int, str]] = {
    "truncated xlsx": (workbook_cut, INPUT, "the workbook cannot be opened"),
    "truncated csv": (cut("inputs/stories.csv", 0.75), INPUT, "inputs/stories.csv"),
    "truncated gzip": (packed_cut, INPUT, "the compressed file is damaged"),
    "emptied file": (cut("inputs/payments.csv", 0), INPUT, "the file is empty"),
    "column gone": (replaced("inputs/contracts.csv", "awarded_on", "when"), INPUT, "awarded_on"),
    "file gone": (gone, INPUT, "there is no such file"),
    "folder in place of a file": (a_folder, INPUT, "it is a folder"),
    "truncated parameters": (
        cut("publication.yaml", 0.4),
        PARAMETERS,
        "publication.yaml: line 11: did not find",
    ),
    "council file gone": (
        lambda folder: (folder / "council.yaml").unlink(),
        PARAMETERS,
        "there is no such file",
    ),
}


@pytest.mark.parametrize("fault", INPUTS)
def test_a_file_that_is_not_whole(good: Good, tmp_path: Path, fault: str) -> None:
    make, code, words = INPUTS[fault]
    folder = good.council.params.parent
    shutil.copytree(folder, tmp_path / "whole")
    make(folder)
    ended = good.council.run()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "whole", folder)
    good.survives(ended, code, words)


def test_a_file_that_may_not_be_read(good: Good) -> None:
    path = good.council.params.parent / "inputs/suppliers.csv"
    path.chmod(0)
    ended = good.council.run("--fresh", fault="without_privileges")
    path.chmod(0o600)
    good.survives(
        ended,
        INPUT,
        "inputs/suppliers.csv: it cannot be opened (Permission denied)",
        "ask for access",
    )


def test_a_drive_that_gives_up_in_a_file(good: Good) -> None:
    ended = good.council.run("--fresh", fault="reading_fails", about=("returns.csv",))
    good.survives(ended, INPUT, "inputs/returns.csv: it cannot be opened (Input/output error)")


@pytest.mark.parametrize("name", ["inputs/returns.csv", "publication.yaml"])
def test_a_file_that_is_edited_while_the_reports_are_made(good: Good, name: str) -> None:
    path = good.council.params.parent / name
    before = path.read_bytes()
    ended = good.council.run("--fresh", fault="input_is_edited", about=(str(path),))
    path.write_bytes(before)
    good.survives(ended, INPUT, "was changed while the reports were made", "run again")


@contextmanager
def mounted(place: Path, *options: str) -> Iterator[None]:
    """A file system of its own at a place; the test does not run where nothing may be mounted."""
    done = subprocess.run(
        ["mount", *options, str(place)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        # There is no other way to fill a disk but to have one of its own, and only root may mount.
        pytest.skip(f"did not run: only root may mount a disk to fill ({done.stderr.strip()})")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("kilobytes", [100, 300, 600])
def test_a_full_disk(good: Good, kilobytes: int) -> None:
    home = good.council.home
    with mounted(good.council.output_dir, "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs"):
        ended = good.council.run("--fresh")
        assert not home.exists() or good.council.state() == good.before
        assert good.council.leftovers() == []
    good.survives(ended, RENDERING, "No space left on device", "free space on the disk")


def test_a_read_only_disk(good: Good) -> None:
    place = good.council.output_dir
    with mounted(place, "--bind", str(place)):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(place)], check=True)
        ended = good.council.run("--fresh")
    good.survives(ended, RENDERING, "Read-only file system", "ask for access")


def test_an_output_folder_that_may_not_be_written_in(good: Good) -> None:
    beside = good.council.home.parent
    beside.chmod(0o500)
    (beside / ".mid-year.lock").unlink()
    ended = good.council.run("--fresh", fault="without_privileges")
    beside.chmod(0o700)
    good.survives(
        ended,
        PARAMETERS,
        "--output-dir: nothing can be written",
        "name a folder that you may write in",
    )


def test_an_output_folder_that_is_a_file(good: Good) -> None:
    elsewhere = Council(good.council.place, good.council.place / "a-file")
    elsewhere.output_dir.write_text("x")
    good.survives(
        elsewhere.run(), PARAMETERS, "--output-dir: nothing can be written", "name a folder"
    )


@pytest.mark.parametrize(
    "number",
    [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ESTALE, errno.EMFILE],
    ids=errno.errorcode.get,
)
def test_pages_that_cannot_be_written(good: Good, number: int) -> None:
    ended = good.council.run("--fresh", fault="writing_fails", about=(str(number),))
    good.survives(ended, RENDERING, os.strerror(number))


def test_no_space_for_the_manifest(good: Good) -> None:
    good.survives(
        good.council.run("--fresh", fault="manifest_has_no_space"),
        RENDERING,
        "No space left on device",
    )


def test_files_that_may_not_grow(good: Good) -> None:
    ended = good.council.run("--fresh", fault="files_end_at", about=("20000",))
    good.survives(ended, RENDERING, "File too large")


def test_no_memory_left_to_calculate(good: Good) -> None:
    ended = good.council.run("--fresh", fault="no_memory_to_calculate")
    good.survives(ended, NOTEBOOK, "there is not enough memory", "--jobs 1")


def test_a_fault_that_nobody_foresaw(good: Good) -> None:
    ended = good.council.run("--fresh", fault="program_is_wrong")
    good.survives(ended, PROGRAM, "a fault in the program itself (KeyError)", ".py, line")
    assert "Quillfeather" not in ended.said


def test_a_last_move_that_fails(good: Good) -> None:
    good.survives(
        good.council.run("--fresh", fault="second_rename_fails"),
        RENDERING,
        "Device or resource busy",
    )


def test_a_power_cut_between_the_two_moves(good: Good) -> None:
    ended = good.council.run("--fresh", fault="power_cut_between_renames")
    assert not good.council.home.exists()
    old = good.council.home.with_name(".mid-year.old")
    assert old.is_dir() and beside(old).is_dir()
    good.survives(ended, -signal.SIGKILL, kept=False)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM], ids=["from the keyboard", "from the system"]
)
def test_an_interrupt(good: Good, number: int, stage: str) -> None:
    ended = good.council.run("--fresh", fault="signalled", about=(str(int(number)), stage))
    good.survives(ended, 128 + number, "Stopped from outside", "Run again")


@pytest.mark.parametrize("stage", STAGES)
def test_a_power_cut(good: Good, stage: str) -> None:
    ended = good.council.run("--fresh", fault="signalled", about=(str(int(signal.SIGKILL)), stage))
    good.survives(ended, -signal.SIGKILL)


def test_a_power_cut_in_the_first_run_of_all(good: Good) -> None:
    shutil.rmtree(good.council.output_dir)
    ended = good.council.run(fault="signalled", about=(str(int(signal.SIGKILL)), "manifest"))
    assert not good.council.home.exists()
    good.survives(ended, -signal.SIGKILL, kept=False)


def test_two_runs_of_one_publication_at_once(good: Good) -> None:
    first = good.council.start("--fresh", fault="in_worker", about=("cell_sleeps",))
    kernel = good.council.home.with_name(".mid-year.work") / "kernel"
    while not kernel.exists() and first.process.is_alive():
        first.process.join(0.05)
    second = Council(good.council.place)
    second.place = good.council.place / "second"
    second.place.mkdir()
    ended = second.run("--fresh")
    assert (ended.code, "another run of this publication is under way" in ended.said) == (
        PARAMETERS,
        True,
    )
    assert good.council.state() == good.before
    os.kill(first.process.pid or 0, signal.SIGTERM)
    good.survives(first.wait(), 128 + signal.SIGTERM, "Stopped from outside")


@pytest.mark.parametrize("seconds", ["0", "4102444800"], ids=["1970", "2100"])
def test_a_clock_that_is_wrong(good: Good, seconds: str) -> None:
    for path in good.council.params.parent.rglob("*.csv"):
        os.utime(path, (int(seconds), int(seconds)))
    ended = good.council.run("--fresh", fault="clock_says", about=(seconds,))
    good.survives(ended, 0)


@pytest.mark.parametrize("name", ["manifest.json", "index.html", "wards/E05990001.pdf"])
def test_a_good_run_that_was_damaged_is_made_again(good: Good, name: str) -> None:
    path = good.council.home / name
    path.write_bytes(path.read_bytes()[:100])
    good.survives(good.council.run(), 0)


def test_the_tests_themselves_run_on_this_system() -> None:
    assert sys.platform == "linux", "faults are planted as Linux knows them"
