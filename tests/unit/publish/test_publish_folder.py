"""The last good run stays until a whole new one takes its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from sv_lib.errors import ParameterError
from sv_lib.publish.files.manifest import beside
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
    write(beside(place.home) / "old.csv", b"old")
    place.keep_broken("wards/x", b"{}")
    with place.locked(), place.staged() as stage:
        write(stage / "new.html", b"new")
        write(beside(stage) / "new.csv", b"new")
        place.move_into_place()
    assert [path.name for path in place.home.rglob("*")] == ["new.html"]
    assert [path.name for path in beside(place.home).rglob("*")] == ["new.csv"]
    names = [".2022.lock", "2022", "2022.papers"]
    assert sorted(path.name for path in place.home.parent.iterdir()) == names


def test_nobody_else_can_open_the_working_papers(place: RunFolder) -> None:
    with place.locked(), place.staged() as stage:
        write(beside(stage) / "claims.csv", b"new")
        place.move_into_place()
    assert beside(place.home).stat().st_mode & 0o777 == 0o700
    assert (beside(place.home) / "claims.csv").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("renames", range(4))
def test_a_run_cut_off_between_its_renames_is_mended_to_the_last_good_one(
    place: RunFolder, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    write(place.home / "good.html", b"good")
    write(beside(place.home) / "good.csv", b"good")
    done: list[Path] = []
    rename = Path.rename

    def cut_off(source: Path, target: Path) -> Path:
        if len(done) == renames:
            raise KeyboardInterrupt
        done.append(source)
        return rename(source, target)

    with pytest.raises(KeyboardInterrupt), place.locked(), place.staged() as stage:
        write(stage / "new.html", b"new")
        write(beside(stage) / "new.csv", b"new")
        monkeypatch.setattr(Path, "rename", cut_off)
        place.move_into_place()
    monkeypatch.undo()
    with place.locked():
        assert [path.name for path in place.home.iterdir()] == ["good.html"]
        assert [path.name for path in beside(place.home).iterdir()] == ["good.csv"]
        assert not place.old.exists() and not beside(place.old).exists()


def test_a_run_whose_place_is_refused_leaves_the_last_one(
    place: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(place.home / "good.html", b"good")
    write(beside(place.home) / "good.csv", b"good")
    rename = Path.rename

    def refuse(source: Path, target: Path) -> Path:
        if source.name == "stage":
            raise PermissionError("in use")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError), place.locked(), place.staged():
        place.move_into_place()
    assert [path.name for path in beside(place.home).iterdir()] == ["good.csv"]
    assert [path.name for path in place.home.iterdir()] == ["good.html"]


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
