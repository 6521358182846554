"""Reports made on a cluster are the same bytes as those made here, also when a worker is lost on
the way.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import shutil
import signal
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import BASE

from sv_lib.errors import ParameterError, RenderError
from sv_lib.publish.files.manifest import tools
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.run import cluster, runner
from sv_lib.publish.run.progress import Progress
from sv_lib.publish.run.report_task import Made, ReportTask

SOUTH = "  - {code: E05990002, name: South, councillors: 2}\n"
HOME = Path("test/2022-mid-year")
CONTEXT = PageContext("x", "", "", "", "", "", date(2022, 1, 1))


@pytest.fixture
def many_wards(params: Path) -> Path:
    """The tiny publication with eight wards."""
    council = params.parent / "council.yaml"
    more = "".join(
        SOUTH.replace("2, n", f"{number}, n").replace("South", f"Ward {number}")
        for number in range(3, 9)
    )
    council.write_text(
        council.read_text(encoding="utf-8").replace(SOUTH, SOUTH + more), encoding="utf-8"
    )
    return params


@pytest.fixture
def local_cluster() -> Iterator[Any]:
    """Two workers, each a process with a guard that starts it again."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as found:
        yield found


class Killing(Progress):
    """Kills a worker process as soon as the first report is back."""

    def __init__(self, local_cluster: Any) -> None:
        super().__init__()
        self.cluster, self.killed = local_cluster, 0

    def done(self, report: str) -> None:
        if not self.killed:
            self.killed = next(iter(self.cluster.workers.values())).pid
            os.kill(self.killed, signal.SIGKILL)


def hashes(home: Path) -> dict[str, str]:
    files = (path for path in home.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(
    many_wards: Path, notebooks: Path, local_cluster: Any, tmp_path: Path
) -> None:
    runner.run([many_wards], output_dir=tmp_path / "here", notebooks=notebooks, jobs=1)
    killing = Killing(local_cluster)
    there = runner.run(
        [many_wards],
        output_dir=tmp_path / "there",
        notebooks=notebooks,
        progress=killing,
        scheduler=local_cluster.scheduler_address,
    )[0]
    assert killing.killed
    assert len(there.made) == 10
    assert hashes(tmp_path / "there" / HOME) == hashes(tmp_path / "here" / HOME)


def task(tmp_path: Path, outlines: str = "") -> ReportTask:
    """A task whose files are there; ``outlines``: what the council declares as its boundaries."""
    (tmp_path / "c" / "calculation").mkdir(parents=True)
    for name in ("calculation/figures.parquet", "n.ipynb", "outlines.geojson"):
        (tmp_path / "c" / name).write_text(name)
    council = (BASE / "council.yaml").read_text(encoding="utf-8")
    (tmp_path / "c" / "council.yaml").write_text(
        council + (f"boundaries: {outlines}\n" if outlines else "")
    )
    shutil.copyfile(BASE / "publication.yaml", tmp_path / "c" / "mid-year.yaml")
    given = {
        "params_file": str(tmp_path / "c" / "mid-year.yaml"),
        "calculation": str(tmp_path / "c" / "calculation"),
    }
    return ReportTask("x", tmp_path / "c" / "n.ipynb", given, {}, CONTEXT, 0)


def test_a_parcel_holds_what_reports_open_and_changes_with_it_alone(tmp_path: Path) -> None:
    first = cluster.packed([task(tmp_path / "one")])
    assert cluster.packed([task(tmp_path / "two")] * 2) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parcel:
        assert parcel.namelist() == [
            "calculation/figures.parquet",
            "notebooks/n.ipynb",
            "params/c/council.yaml",
            "params/c/mid-year.yaml",
        ]
    drawn = cluster.packed([task(tmp_path / "drawn", "outlines.geojson")])
    with zipfile.ZipFile(io.BytesIO(drawn)) as parcel:
        assert "params/c/outlines.geojson" in parcel.namelist()
    with pytest.raises(ParameterError, match="boundaries are in SV_REAL_DATA"):
        cluster.packed([task(tmp_path / "far", "${SV_REAL_DATA}/outlines.geojson")])
    other = task(tmp_path / "three")
    other.notebook.write_text("other")
    assert cluster.packed([other]) != first


def test_a_worker_opens_its_own_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[ReportTask] = []
    made = pickle.dumps(Made("x", b"{}", b"<p>", b"%PDF", 1, ()))
    monkeypatch.setattr(cluster, "_asked", lambda sent: asked.append(pickle.loads(sent)) or made)  # noqa: S301 our own
    sent = task(tmp_path)
    answer, digest = cluster.make_there(sent, cluster.packed([sent]), tools())
    assert cluster.undamaged((answer, digest)) == pickle.loads(made)  # noqa: S301 our own
    for path in (asked[0].notebook, *map(Path, asked[0].parameters.values())):
        assert path.exists()
        assert not path.is_relative_to(tmp_path)
    assert replace(asked[0], notebook=sent.notebook, parameters=sent.parameters) == sent
    with pytest.raises(RenderError, match="came back damaged"):
        cluster.undamaged((answer + b"x", digest))


def test_a_worker_with_other_code_makes_nothing(tmp_path: Path) -> None:
    sent = task(tmp_path)
    with pytest.raises(RenderError, match="another code_sha256 than this machine"):
        cluster.make_there(sent, cluster.packed([sent]), tools() | {"code_sha256": "other"})


def test_no_scheduler_is_a_fault_of_the_command(
    params: Path, notebooks: Path, tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(ParameterError, match="no scheduler answers at nowhere"):
        runner.run([params], scheduler="nowhere", output_dir=tmp_path, notebooks=notebooks)
