"""What is listed of councils, and what a zip for e-mail holds, on runs of a few files."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from sv_lib.errors import DifferenceError, ParameterError
from sv_lib.params import load
from sv_lib.publish import pack as packing
from sv_lib.publish.files import manifest
from sv_lib.publish.publications import FAULTY, NEVER, OLD, listed, overdue


def make_run(folder: Path, publication: str = "2022-annual") -> Path:
    """A folder as a run leaves it, with a manifest of what is in it."""
    run = folder / publication
    (run / "wards").mkdir(parents=True)
    (run / "data").mkdir()
    (run / "annual.html").write_text("page", encoding="utf-8")
    (run / "annual.ipynb").write_text("notebook", encoding="utf-8")
    (run / "wards" / "E1.html").write_text("ward", encoding="utf-8")
    outputs = [{"path": path, "sha256": digest} for path, digest in manifest.outputs(run)]
    content = {
        "schema_version": manifest.SCHEMA_VERSION,
        "council": "test",
        "publication": publication,
        "parameters": {"publication": {"status": "draft"}},
        "outputs": outputs,
    }
    (run / manifest.NAME).write_text(json.dumps(content), encoding="utf-8")
    return run


def test_a_zip_holds_every_public_file_and_the_same_bytes_again(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    papers = run.with_name("2022-annual.papers")
    papers.mkdir()
    (papers / "claims.csv").write_text("secret", encoding="utf-8")
    said = packing.pack(run)
    target = tmp_path / "test-2022-annual.zip"
    with zipfile.ZipFile(target) as packed:
        names = packed.namelist()
    assert "2022-annual/annual.html" in names
    assert "2022-annual/manifest.json" in names
    assert not any("papers" in name for name in names)
    assert said[-1] == "  Its status is draft, and every page says so."
    packing.pack(run, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == target.read_bytes()
    with pytest.raises(ParameterError, match="there is such a file already"):
        packing.pack(run)


def test_a_zip_that_is_too_large_goes_without_notebooks_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tmp_path)
    packing.pack(run, tmp_path / "whole.zip")
    monkeypatch.setattr(packing, "LARGEST", (tmp_path / "whole.zip").stat().st_size - 1)
    said = packing.pack(run)
    assert said[1] == "  Left out to stay under 10 MB: notebooks."
    monkeypatch.setattr(packing, "LARGEST", 10)
    with pytest.raises(DifferenceError, match="its own pages come to"):
        packing.pack(run, tmp_path / "none.zip")
    assert not (tmp_path / "none.zip").exists()


def test_what_must_not_be_sent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="this is no run folder"):
        packing.pack(tmp_path)
    with pytest.raises(ParameterError, match="this run is for exempt papers"):
        packing.pack(make_run(tmp_path, "2022-annual.exempt"))
    run = make_run(tmp_path)
    (run / "annual.html").write_text("another page", encoding="utf-8")
    (run / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DifferenceError, match=r"annual\.html, notes\.txt are not as it was made"):
        packing.pack(run)


def test_every_publication_is_listed_with_its_state(root: Path, tmp_path: Path) -> None:
    home = tmp_path / "councils" / "test"
    shutil.copytree(root / "tests" / "bad_inputs" / "base", home)
    text = (home / "publication.yaml").read_text(encoding="utf-8")
    (home / "publication.yaml").unlink()
    text = text.replace("publication: mid-year", "publication: 2022-mid-year")
    (home / "2022-mid-year.yaml").write_text(text + "due_on: 2022-07-01\n", encoding="utf-8")
    (home / "broken.yaml").write_text("publication: [", encoding="utf-8")
    found = listed(tmp_path / "councils", tmp_path / "outputs")
    assert [(one.file.name, one.state) for one in found] == [
        ("2022-mid-year.yaml", NEVER),
        ("broken.yaml", FAULTY),
    ]
    assert found[0].cells[5] == "2022-07-01"
    day = load(home / "2022-mid-year.yaml").file.due_on
    assert day is not None
    assert overdue(found, day) == []
    assert overdue(found, day.replace(day=2)) == [found[0]]
    make_run(tmp_path / "outputs" / "test", "2022-mid-year")
    assert listed(home, tmp_path / "outputs")[0].state == OLD
    assert listed(home)[0].state == NEVER  # none lies beside the council
    with pytest.raises(ParameterError, match="there is no council in it"):
        listed(tmp_path / "outputs", tmp_path)
