"""A run sealed into one file, and made again from that file alone."""

from __future__ import annotations

import json
import os
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from twice import Twice, copy

from sv_lib.errors import DifferenceError, ParameterError
from sv_lib.publish.archive import Sealed, archive
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.files.unsealed import unsealed
from sv_lib.publish.verify import HASHES_ALONE, Verified, verify

OWN_INPUTS = "note     COMPARED WITH THE INPUTS THAT CAME WITH IT: this shows that it repeats, not"


def sealed(twice: Twice, run: Path) -> Sealed:
    return archive(run, twice.params, twice.place / "sealed.archive.zip")


def again(twice: Twice, path: Path, params: Path | None = None) -> Verified:
    return verify(path, params, notebooks=twice.notebooks)


def test_it_holds_run_papers_parameters_inputs_lock_and_code(twice: Twice) -> None:
    run = twice.run("a")
    made = sealed(twice, run)
    with zipfile.ZipFile(made.path) as packed:
        names = packed.namelist()
        said = json.loads(packed.read("archive.json"))
        read_me = packed.read("READ-ME.txt").decode()
    name = f"outputs/test/{run.name}"
    assert {
        f"{name}/mid-year.pdf",
        f"{name}.papers/trail.parquet",
        "params/test/council.yaml",
        "params/test/2022-mid-year.yaml",
        "params/test/inputs/payments.csv",
        "notebooks/methods.ipynb",
        "requirements.lock",
    } <= set(names)
    assert names[0] == "archive.json" and names[1:] == sorted(names[1:])
    public = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert said["code_sha256"] == public["code_sha256"] and said["params"] == (
        "test/2022-mid-year.yaml"
    )
    assert "It is CLOSED" in read_me and "not" in read_me
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert any("never publish it" in line for line in made.in_words())
    assert str(twice.place) not in json.dumps(said)


def test_of_the_same_run_it_is_the_same_bytes(twice: Twice) -> None:
    run = twice.run("a")
    first = sealed(twice, run)
    before = first.path.read_bytes()
    for path in run.rglob("*"):
        os.utime(path, (1, 1))
    assert sealed(twice, run).sha256 == first.sha256
    assert first.path.read_bytes() == before


def test_it_is_made_again_from_itself_and_that_is_said_in_capitals(twice: Twice) -> None:
    made = sealed(twice, twice.run("a"))
    shutil.rmtree(twice.place / "a")
    twice.params.parent.rename(twice.place / "elsewhere")
    found = again(twice, made.path)
    assert found.differences == []
    assert any(line.startswith(OWN_INPUTS) for line in found.lines)
    assert (
        f"same     {made.files - 1} files have the hashes that archive.json keeps" in found.lines[0]
    )
    assert "same     figures.csv" in found.lines


def test_the_auditors_own_inputs_come_before_those_that_came_with_it(twice: Twice) -> None:
    made = sealed(twice, twice.run("a"))
    twice.edit("inputs/payments.csv", "1200.50", "1200.51")
    found = again(twice, made.path, twice.params)
    assert not any(line.startswith(OWN_INPUTS) for line in found.lines)
    assert found.differences[0].startswith("inputs/payments.csv: changed")


def test_inputs_that_moved_since_are_not_sealed(twice: Twice) -> None:
    run = twice.run("a")
    twice.edit("inputs/payments.csv", "1200.50", "1200.51")
    with pytest.raises(DifferenceError, match=r"inputs/payments\.csv: changed") as why:
        sealed(twice, run)
    assert why.value.exit_code == 6
    assert not (twice.place / "sealed.archive.zip").exists()


def test_a_file_touched_since_is_not_sealed(twice: Twice) -> None:
    run = twice.run("a")
    (run / "claims.csv").write_text("x", encoding="utf-8")
    with pytest.raises(DifferenceError, match=r"claims\.csv: not as its hash in the manifest"):
        sealed(twice, run)


def test_a_run_without_its_papers_is_not_sealed(twice: Twice) -> None:
    run = twice.run("a")
    shutil.rmtree(beside(run))
    with pytest.raises(ParameterError, match=r"exempt\.papers is not there"):
        sealed(twice, run)
    with pytest.raises(ParameterError, match=r"none\.yaml is not there"):
        archive(twice.run("b"), twice.params.with_name("none.yaml"))


def test_what_readers_have_of_earlier_runs_comes_with_it(twice: Twice) -> None:
    copy(twice.run("a"), twice.place / "b" / "test" / "2021-annual")
    twice.edit("2022-mid-year.yaml", "data_as_at:", "previous: 2021-annual\ndata_as_at:")
    made = sealed(twice, twice.run("b"))
    with zipfile.ZipFile(made.path) as packed:
        earlier = [name for name in packed.namelist() if "/2021-annual" in name]
    assert "outputs/test/2021-annual.papers/trail.parquet" in earlier
    assert not [name for name in earlier if name.endswith((".pdf", ".html", ".ipynb"))]
    assert again(twice, made.path).differences == []


def test_data_from_elsewhere_comes_with_it(twice: Twice, monkeypatch: pytest.MonkeyPatch) -> None:
    real = twice.place / "real"
    (real / "ledger").mkdir(parents=True)
    (twice.params.parent / "inputs/payments.csv").rename(real / "ledger/payments.csv")
    for name in ("council.yaml", "2022-mid-year.yaml"):
        path = twice.params.parent / name
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("inputs/payments.csv", "${SV_REAL_DATA}/ledger/payments.csv"),
            encoding="utf-8",
        )
    monkeypatch.setenv("SV_REAL_DATA", str(real))
    made = sealed(twice, twice.run("a"))
    monkeypatch.setenv("SV_REAL_DATA", "/nowhere")
    assert again(twice, made.path).differences == []
    assert os.environ["SV_REAL_DATA"] == "/nowhere"


def test_a_key_that_lies_elsewhere_stays_there_and_is_not_looked_for(
    twice: Twice, tmp_path: Path
) -> None:
    key = tmp_path / "secret-of-the-council"
    key.write_text("the council keeps this secret\n", encoding="utf-8")
    path = twice.params.parent / "council.yaml"
    path.write_text(
        path.read_text(encoding="utf-8") + f"\nperson_key_file: {key}\n", encoding="utf-8"
    )
    made = sealed(twice, twice.run("a"))
    assert any("the key for persons' codes" in line for line in made.in_words())
    with zipfile.ZipFile(made.path) as packed:
        assert not any(b"keeps this secret" in packed.read(name) for name in packed.namelist())
    found = again(twice, made.path)
    assert f"note     {HASHES_ALONE}" in found.lines
    assert not any(line.startswith(OWN_INPUTS) for line in found.lines)


def test_it_is_unpacked_where_nobody_else_looks_and_cleared_away(twice: Twice) -> None:
    made = sealed(twice, twice.run("a"))
    with unsealed(made.path) as opened:
        home = opened.run.parents[2]
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert stat.S_IMODE(opened.params.stat().st_mode) == 0o600
    assert not home.exists()
