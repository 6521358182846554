"""What a run keeps of the one before: nothing that would come out otherwise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from twice import RUN, Twice

from sv_lib.errors import NotebookError
from sv_lib.publish.run import runner
from sv_lib.publish.run.folder import RunFolder
from sv_lib.publish.run.publishing import Outcome
from sv_lib.publish.run.report_task import Failed, Made
from sv_lib.publish.run.workers import Workers, local_workers

NORTH, SOUTH = "wards/E05990001", "wards/E05990002"
OTHER_STORY = (
    "T2,2022-05-02,A second start,More weeks.,C1,NT10,2,E05990002,2022-05-20,Social value officer\n"
)
PAYMENT = ("payments", "1200.50", "1300.50")
EDITS: dict[str, tuple[str, str, str]] = {
    # Any change of an input calculates anew, so a few kinds stand for all: one that moves every
    # page, one a ward, one a table of the methods report, one a word of one page.
    "a payment": PAYMENT,
    "the place of a contract's work": (
        "contract_places",
        "C1,E05990001,0.75\nC1,borough-wide,0.25",
        "C1,E05990002,1",
    ),
    "an area's deprivation": ("deprivation", "E05990002,6,", "E05990002,1,"),
    "a story's words": ("stories", "Six weeks of training", "Seven weeks of training"),
}


class Runs:
    """Runs of the tiny publication with the real notebooks, by workers that stay warm between
    them.
    """

    def __init__(self, params: Path, place: Path, notebooks: Path) -> None:
        self.params, self.place, self.notebooks = params, place, notebooks

    def __call__(
        self, name: str = "run", *, fresh: bool = False, wards: tuple[str, ...] = ()
    ) -> Outcome:
        return runner.run(
            [self.params],
            reports=["wards", "methods"],
            wards=wards,
            output_dir=self.place / name,
            fresh=fresh,
            notebooks=self.notebooks,
            profile="exempt",
        )[0]

    def files(self, name: str = "run") -> dict[str, str]:
        """Every file of a run with its hash, but for the manifest, which names the state of the
        working copy.
        """
        home = self.place / name / RUN
        paths = [
            path for path in home.rglob("*") if path.is_file() and path.name != "manifest.json"
        ]
        return {
            path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in paths
        }

    def edit(self, table: str, old: str, new: str) -> None:
        """Replace a text that stands once in an input table."""
        file = self.params.parent / "inputs" / f"{table}.csv"
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1
        file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def warm() -> Iterator[Workers]:
    with local_workers(1) as found:
        yield found


@pytest.fixture
def runs(
    warm: Workers, params: Path, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> Runs:
    @contextmanager
    def already_warm(*_: object) -> Iterator[Workers]:
        yield warm

    monkeypatch.setattr(runner, "local_workers", already_warm)
    return Runs(params, tmp_path, root / "notebooks")


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS)
def test_the_bytes_after_a_changed_input_are_those_of_a_fresh_run(runs: Runs, edit: str) -> None:
    runs()
    runs.edit(*EDITS[edit])
    changed = runs()
    runs("fresh", fresh=True)
    assert runs.files() == runs.files("fresh")
    assert set(changed.made) == {NORTH, SOUTH, "methods"}


@pytest.mark.slow
def test_pages_are_not_drawn_again_when_the_notebook_comes_out_the_same(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs()
    drawn: dict[str, bool] = {}
    make = Workers.make
    monkeypatch.setattr(
        Workers, "make", lambda self, tasks: (_noted(answer, drawn) for answer in make(self, tasks))
    )
    runs.edit("stories", "Social value officer\n", f"Social value officer\n{OTHER_STORY}")
    runs()
    assert (drawn[NORTH], drawn[SOUTH]) == (False, True)


def _noted(answer: Made | Failed, drawn: dict[str, bool]) -> Made | Failed:
    assert isinstance(answer, Made)
    drawn[answer.name] = bool(answer.pdf)
    return answer


def test_a_run_that_was_cut_off_is_resumed(twice: Twice, made: dict[str, Made | Failed]) -> None:
    broken = NotebookError("x", "it failed", "nothing is published.", "mend it.")
    good = made[SOUTH]
    made[SOUTH] = Failed(SOUTH, broken, b"{}")
    with pytest.raises(NotebookError):
        twice.run("run")
    folder = RunFolder(twice.place / "run" / RUN)
    assert not folder.home.exists()
    assert folder.cache.stat().st_mode & 0o777 == 0o700
    made[SOUTH] = good
    damaged = next(folder.cache.rglob("methods.pdf"))
    damaged.write_bytes(b"cut")
    outcome = twice.outcome("run")
    assert (outcome.made, outcome.kept) == (["methods", SOUTH], ["mid-year", NORTH])
    assert not list(folder.cache.rglob("*.pdf"))


def test_what_was_finished_before_an_input_changed_is_not_taken_up(
    twice: Twice, made: dict[str, Made | Failed]
) -> None:
    good = made[SOUTH]
    made[SOUTH] = Failed(SOUTH, NotebookError("x", "it failed", "nothing.", "mend it."), b"{}")
    with pytest.raises(NotebookError):
        twice.run("run")
    made[SOUTH] = good
    twice.edit("inputs/payments.csv", "1200.50", "1200.51")
    outcome = twice.outcome("run")
    assert len(outcome.made) == 4


def test_other_outlines_of_the_wards_make_every_page_again(
    twice: Twice, made: dict[str, Made | Failed]
) -> None:
    outlines = twice.params.parent / "outlines.geojson"
    shapes = [
        {
            "type": "Feature",
            "properties": {"WD21CD": code, "WD21NM": code},
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        }
        for code in ("E05990001", "E05990002")
    ]
    outlines.write_text(
        json.dumps({"type": "FeatureCollection", "features": shapes}), encoding="utf-8"
    )
    with (twice.params.parent / "council.yaml").open("a", encoding="utf-8") as council:
        council.write("boundaries: outlines.geojson\n")
    twice.run("run")
    assert twice.outcome("run").made == []
    outlines.write_text(
        outlines.read_text(encoding="utf-8").replace("[1, 1]", "[1, 2]"), encoding="utf-8"
    )
    assert len(twice.outcome("run").made) == 4


@pytest.mark.parametrize("name", ["methods.pdf", "methods.html", "methods.ipynb"])
def test_a_report_of_the_last_run_that_was_damaged_is_made_again(
    name: str, twice: Twice, made: dict[str, Made | Failed]
) -> None:
    home = twice.run("run")
    whole = (home / name).read_bytes()
    (home / name).write_bytes(whole + b"touched")
    assert twice.outcome("run").made == ["methods"]
    assert (home / name).read_bytes() == whole


def test_nothing_is_left_in_the_cache_after_a_whole_run(
    twice: Twice, made: dict[str, Made | Failed]
) -> None:
    twice.run("run")
    twice.edit("inputs/payments.csv", "1200.50", "1200.51")
    home = twice.run("run")
    assert [path for path in RunFolder(home).cache.rglob("*") if path.is_file()] == []
