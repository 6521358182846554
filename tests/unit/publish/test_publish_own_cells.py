"""An edited notebook is named, and so is a number that somebody typed into it."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from small_notebook import PDF
from twice import Twice

from scripts import standard_notebooks
from sv_lib.home import NOTEBOOKS
from sv_lib.publish.files import manifest
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.page import own_cells
from sv_lib.publish.page.own_cells import in_words, look_at
from sv_lib.publish.run.report_task import Failed, Made
from sv_lib.publish.verify import verify

STANDARD = ("main", "briefing", "ward", "methods")
REPORTS = {"annual": "main", "mid-year": "main", "briefing": "briefing", "methods": "methods"}


def test_the_hashes_are_those_of_the_notebooks() -> None:
    """After a change of a notebook: make references."""
    assert standard_notebooks.PAGE.read_text(encoding="utf-8") == standard_notebooks.text()
    assert set(STANDARD) <= own_cells.STANDARD.keys()


def edited(place: Path, *cells: dict[str, object], name: str = "main") -> Path:
    """The standard notebook, as a run leaves it, with some cells of a council's own."""
    made = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))
    injected = {
        "cell_type": "code",
        "source": "x = 1",
        "metadata": {"tags": ["injected-parameters"]},
    }
    made["cells"] = [made["cells"][0], injected, *made["cells"][1:], *cells]
    path = place / f"{name}.ipynb"
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def markdown(text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "source": text, "metadata": {}}


def html(markup: str) -> dict[str, object]:
    output = {"output_type": "display_data", "data": {"text/html": markup}}
    return {"cell_type": "code", "source": "own()", "metadata": {}, "outputs": [output]}


def test_a_standard_notebook_has_nothing_to_say(tmp_path: Path) -> None:
    for report, name in REPORTS.items():
        found = look_at(edited(tmp_path, name=name), report)
        assert found.is_standard and found.typed == ()
        assert in_words({report: found.entry()}) == []


def test_a_ward_report_is_held_against_the_wards_notebook(tmp_path: Path) -> None:
    assert look_at(edited(tmp_path, name="ward"), "wards/E05013006").is_standard


def test_a_cell_more_or_less_or_with_another_tag_is_an_edit(tmp_path: Path) -> None:
    path = edited(tmp_path)
    whole = json.loads(path.read_text(encoding="utf-8"))
    hashes = {look_at(path, "annual").sha256}
    for change in ("more", "less", "tag"):
        made = json.loads(json.dumps(whole))
        if change == "more":
            made["cells"].append(markdown("Our own words."))
        elif change == "less":
            made["cells"].pop()
        else:
            made["cells"][-1]["metadata"]["tags"] = ["remove-output"]
        path.write_text(json.dumps(made), encoding="utf-8")
        found = look_at(path, "annual")
        assert not found.is_standard
        hashes.add(found.sha256)
        assert in_words({"annual": found.entry()}) == [
            "main.ipynb was edited: it differs from the standard notebook"
        ]
    assert len(hashes) == 4


TYPED = {
    "£1.2m was spent with local firms": "£1.2",
    "Local people hired: 3": "3",
    "3 hires": "3",
    "hires (3)": "3",
    "| hires | 3 |": "3",
    "we hired **3** people": "3",
    "up 12% on last year": "12",
    "12 per cent": "12",
    "1,204 weeks": "1,204",
    "1.5 FTE": "1.5",
    "&#51; hires": "3",
    "\u0663 hires": "\u0663",
    "\uff13 hires": "\uff13",
    "in 2022 we hired 3": "3",
    "£2022": "£2022",
}
HARMLESS = (
    "Our own words, without a number.",
    "on 31 March 2022",
    "in 2022-23 and in 2021/22",
    "between 2019 and 2022.",
    "see section 3.2 and Table 4",
    "under the Act 2012",
    "PPN 06/20 applies",
    "ward E05013006, in Q1",
    "at 10:30am",
    "1. first\n2. second",
    "[a link](https://a.uk/123)",
)


@pytest.mark.parametrize("text", TYPED)
@pytest.mark.parametrize("cell", [markdown, html])
def test_a_number_typed_by_hand_is_named_with_its_cell_and_words(
    tmp_path: Path, text: str, cell: Callable[[str], dict[str, object]]
) -> None:
    found = look_at(edited(tmp_path, cell(text)), "annual")
    number = len(json.loads((NOTEBOOKS / "main.ipynb").read_text(encoding="utf-8"))["cells"]) + 1
    (said,) = found.typed
    assert said.startswith(f"cell {number}: '") and TYPED[text] in said
    assert in_words({"annual": found.entry()})[1] == (
        f"main.ipynb, {said}: a number typed by hand, no figure stands behind it"
    )


def of_pieces(source: str) -> dict[str, object]:
    return html("<p>Between 10 and 12 contracts</p>") | {"source": source}


@pytest.mark.parametrize(
    "source",
    [
        'report.table("suppliers.kinds")',
        'display(report.text("suppliers.vcse"), report.chart("delivery.steps"))',
        'sv.beside(report.text("front.coverage"), report.table("front.quarters"))',
    ],
)
def test_pieces_that_were_moved_have_nothing_typed(tmp_path: Path, source: str) -> None:
    found = look_at(edited(tmp_path, of_pieces(source)), "annual")
    assert not found.is_standard
    assert found.typed == ()


@pytest.mark.parametrize(
    "source",
    [
        'report.text("suppliers.largest", share="10%")',
        'display(report.text("suppliers.vcse"), Html("10 of 12"))',
        "report.draw(frame)",
        'report.text("suppliers.vcse") + Html("10 of 12")',
        'x = report.text("suppliers.vcse")',
        "display(words)",
        "%matplotlib inline",
        "",
    ],
)
def test_words_of_ones_own_among_pieces_are_read(tmp_path: Path, source: str) -> None:
    assert len(look_at(edited(tmp_path, of_pieces(source)), "annual").typed) == 2


@pytest.mark.parametrize("text", HARMLESS)
def test_a_date_and_the_number_of_a_section_are_none(tmp_path: Path, text: str) -> None:
    assert look_at(edited(tmp_path, markdown(text)), "annual").typed == ()


def test_a_figure_with_its_trail_is_none(tmp_path: Path) -> None:
    tag = '<p><data class="figure" data-figure="a.b" value="300">£3</data> was spent</p>'
    assert look_at(edited(tmp_path, html(tag)), "annual").typed == ()
    # Without an end, or without an id, it is words like others.
    for forged in (tag.replace("</data>", ""), tag.replace(' data-figure="a.b"', "")):
        assert len(look_at(edited(tmp_path, html(forged)), "annual").typed) == 1


def test_words_that_stand_for_a_picture_are_read_too(tmp_path: Path) -> None:
    cell = html('<p><img alt="Hires by year: 3, then 4" src="data:image/png;base64,AA"></p>')
    assert len(look_at(edited(tmp_path, cell), "annual").typed) == 2


def test_a_notebook_of_many_numbers_is_cut_short(tmp_path: Path) -> None:
    found = look_at(edited(tmp_path, markdown(" ".join(["7 hires"] * 500))), "annual")
    assert len(found.typed) == own_cells.MOST_NAMED


def test_index_manifest_command_and_verify_name_an_edited_notebook(
    twice: Twice, made: dict[str, Made | Failed]
) -> None:
    own = json.dumps({"cells": [markdown("We hired 3 people.")]}).encode()
    made["mid-year"] = Made("mid-year", own, b"<h1>x</h1>", PDF, 2, ())
    outcome = twice.outcome("a")
    lines = [
        "main.ipynb was edited: it differs from the standard notebook",
        "main.ipynb, cell 1: 'We hired 3 people.': a number typed by hand, no figure stands "
        "behind it",
    ]
    assert outcome.edited == lines
    assert f"  {lines[1]}" in outcome.in_words()
    page = unescape((outcome.folder / "index.html").read_text(encoding="utf-8"))
    assert all(line in page for line in lines)
    for folder in (outcome.folder, beside(outcome.folder)):
        said = manifest.read_alone(folder)["reports"]
        assert said["mid-year"]["differs_from_the_standard"] is True
        assert said["methods"]["differs_from_the_standard"] is False
        assert len(said["mid-year"]["notebook_sha256"]) == 64
    assert twice.outcome("a").edited == lines  # also when nothing is made again
    found = verify(outcome.folder, notebooks=twice.notebooks)
    assert [line for line in found.lines if "main" in line] == [
        f"note     {line}" for line in lines
    ]


def test_versions_of_all_that_decides_numbers_or_bytes_are_kept() -> None:
    versions = manifest.tools()["versions"]
    asked = {"highspy", "scipy", "python-calamine", "typst", "pandas", "pyarrow", "python"}
    assert all(versions[name] for name in asked)
    assert all(versions.values()), "libraries.yaml names one that is not installed"
