"""What is kept between runs is found by its key alone, whole or not at all, and nobody else may
open
it.
"""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from sv_lib.memory import Memory


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """A memory that has kept one thing."""
    made = Memory(tmp_path / "memory")
    with made.keep("numbers", "k1") as place:
        (place / "tables").mkdir()
        (place / "tables" / "a.txt").write_text("7", encoding="utf-8")
    return made


def test_it_is_found_by_its_name_and_key_alone(memory: Memory) -> None:
    found = memory.find("numbers", "k1")
    assert found is not None
    assert (found / "tables" / "a.txt").read_text(encoding="utf-8") == "7"
    assert memory.find("numbers", "k2") is None
    assert memory.find("other", "k1") is None
    assert Memory(memory.folder, is_blind=True).find("numbers", "k1") is None


@pytest.mark.parametrize("fault", ["changed", "removed", "added"])
def test_what_was_touched_is_not_found(memory: Memory, fault: str) -> None:
    file = memory.folder / "numbers" / "k1" / "tables" / "a.txt"
    if fault == "removed":
        file.unlink()
    else:
        (file if fault == "changed" else file.with_name("b.txt")).write_text("8", encoding="utf-8")
    assert memory.find("numbers", "k1") is None


def test_the_last_thing_kept_under_a_name_takes_the_place_of_the_one_before(memory: Memory) -> None:
    with memory.keep("numbers", "k2") as place:
        (place / "b.txt").write_text("8", encoding="utf-8")
    assert memory.find("numbers", "k1") is None
    assert memory.find("numbers", "k2") is not None
    assert [path.name for path in memory.folder.iterdir()] == ["numbers"]


def test_what_is_cut_off_leaves_the_one_before_and_is_cleared_by_the_next(memory: Memory) -> None:
    def cut_off() -> None:
        with memory.keep("numbers", "k2") as place:
            (place / "half.txt").write_text("8", encoding="utf-8")
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        cut_off()
    assert memory.find("numbers", "k1") is not None
    assert memory.find("numbers", "k2") is None
    with memory.keep("other", "k") as place:
        assert list(place.iterdir()) == []
    assert sorted(path.name for path in memory.folder.iterdir()) == ["numbers", "other"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in another way")
def test_nobody_else_may_open_it(memory: Memory) -> None:
    assert stat.S_IMODE(memory.folder.stat().st_mode) == 0o700
