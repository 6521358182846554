"""The last good run stays until a whole new one takes its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from sv_lib.errors import ParameterError
from sv_lib.publish.run.folder import RunFolder, write


@pytest.fixture
def place(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "council" / "2022")


def test_two_runs_of_one_publication_at_once_are_refused(place: RunFolder) -> None:
    with (
        place.locked(),
        pytest.raises(ParameterError, match="another run of this publication is under way"),
        RunFolder(place.home).locked(),
    ):
        pass
    with RunFolder(place.home).locked():
        assert not place.home.exists()


def test_a_whole_run_takes_the_place_of_the_last(place: RunFolder) -> None:
    write(place.home / "wards" / "old.html", b"old")
    place.keep_broken("wards/x", b"{}")
    with place.locked(), place.staged() as stage:
        write(stage / "new.html", b"new")
        place.move_into_place()
    assert [path.name for path in place.home.rglob("*")] == ["new.html"]
    assert sorted(path.name for path in place.home.parent.iterdir()) == [".2022.lock", "2022"]


def test_a_run_that_fails_leaves_the_last_one_and_nothing_else(place: RunFolder) -> None:
    write(place.home / "old.html", b"old")
    with pytest.raises(KeyboardInterrupt), place.locked(), place.staged() as stage:
        write(stage / "new.html", b"new")
        raise KeyboardInterrupt
    assert (place.home / "old.html").read_bytes() == b"old"
    assert sorted(path.name for path in place.home.parent.iterdir()) == [".2022.lock", "2022"]


def test_what_a_run_that_was_cut_off_left_is_mended(place: RunFolder) -> None:
    write(place.old / "good.html", b"good")
    write(place.stage / "half.html", b"half")
    with place.locked():
        assert (place.home / "good.html").read_bytes() == b"good"
        assert not place.work.exists()
        assert not place.old.exists()


def test_a_broken_notebook_is_kept_alone(place: RunFolder) -> None:
    write(place.failed / "earlier.broken.ipynb", b"{}")
    kept = place.keep_broken("wards/E05990001", b"{}")
    assert kept == place.home.parent / "2022.failed" / "wards-E05990001.broken.ipynb"
    assert list(place.failed.iterdir()) == [kept]
