"""The start page of JupyterLab, made from the publications that are there."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from sv_lib.errors import ParameterError
from sv_lib.publish import lab_folder

LINK = re.compile(r"\]\(([^)]+)\)")
SAMPLE = "sample/2024-25-annual"


@pytest.fixture
def councils(root: Path, tmp_path: Path) -> Path:
    """A folder ``params`` with the sample council and one whose only publication has a fault."""
    shutil.copytree(root / "params/sample", tmp_path / "params/sample")
    faulty = tmp_path / "params/faulty"
    faulty.mkdir()
    shutil.copy(root / "params/sample/council.yaml", faulty)
    (faulty / "2025.yaml").write_text("publication: [", encoding="utf-8")
    return tmp_path / "params"


def line_of(page: Path, publication: str) -> str:
    [line] = [one for one in page.read_text(encoding="utf-8").splitlines() if publication in one]
    return line


def test_every_publication_is_a_line_and_every_link_leads_somewhere(councils: Path) -> None:
    page = lab_folder.write(councils)
    assert page == councils.parent / "outputs/lab/start.md"
    sample = line_of(page, SAMPLE)
    assert "Samplebridge Council (invented): Social value annual report 2024-25" in sample
    assert "demonstration, never run" in sample
    names = [Path(link).name for link in LINK.findall(sample)]
    notebooks = ["main.ipynb", "briefing.ipynb", "methods.ipynb", "ward.ipynb"]
    assert names == [*notebooks, "2024-25-annual.yaml"]
    faulty = line_of(page, "2025.yaml")
    assert "has faults" in faulty
    assert len(LINK.findall(faulty)) == 1
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / link).is_file(), link


def test_a_notebook_is_set_to_its_publication(councils: Path) -> None:
    lab = lab_folder.write(councils).parent
    ward = lab / SAMPLE / "ward.ipynb"
    given: dict[str, str] = {}
    cells = json.loads(ward.read_text(encoding="utf-8"))["cells"]
    exec("".join(cells[0]["source"]), given)  # noqa: S102 what the notebook would do
    assert (ward.parent / given["params_file"]).resolve() == councils / f"{SAMPLE}.yaml"
    assert (given["calculation"], given["ward"]) == ("", "E05990091")


def test_a_notebook_that_somebody_worked_in_stays(councils: Path) -> None:
    mine = lab_folder.write(councils).parent / SAMPLE / "main.ipynb"
    mine.write_text("mine", encoding="utf-8")
    (mine.parent / "ward.ipynb").unlink()
    lab_folder.write(councils)
    assert mine.read_text(encoding="utf-8") == "mine"
    assert (mine.parent / "ward.ipynb").is_file()


def test_a_run_is_linked_once_it_is_there(councils: Path) -> None:
    run = councils.parent / "outputs" / SAMPLE
    run.mkdir(parents=True)
    (run / "index.html").write_text("", encoding="utf-8")
    page = lab_folder.write(councils)
    assert f"[its pages](../{SAMPLE}/index.html)" in line_of(page, SAMPLE)


def test_a_title_is_text_whatever_signs_it_holds(councils: Path) -> None:
    params = councils / f"{SAMPLE}.yaml"
    text = params.read_text(encoding="utf-8")
    titled = re.sub(r"^title: .*", 'title: "A [b](c) | <i>d"', text, flags=re.MULTILINE)
    params.write_text(titled, encoding="utf-8")
    line = line_of(lab_folder.write(councils), SAMPLE)
    assert r"A \[b\](c) \| \<i\>d" in line


def test_a_folder_without_a_council_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="there is no council in it"):
        lab_folder.write(tmp_path)
    assert not list(tmp_path.iterdir())
