"""The check tells ids that no figure has, and calculates only where it must."""

from __future__ import annotations

from pathlib import Path

import pytest
import small_council

from sv_lib.intake.findings import finding
from sv_lib.intake.pipeline import Inputs
from sv_lib.params import Publication
from sv_lib.publish import check_ids
from sv_lib.publish.check_ids import check_figures

PRIORITIES = """
year | priority | status | figure_id | next_step
2022 | Go on | on track | {} | Ask
"""


@pytest.fixture
def calculated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the publications whose figures were calculated."""
    names: list[str] = []
    make = check_ids.figure_ids

    def noted(publication: Publication, inputs: Inputs) -> list[str]:
        names.append(publication.id)
        return make(publication, inputs)

    monkeypatch.setattr(check_ids, "figure_ids", noted)
    return names


def drawn(figure_id: str) -> Inputs:
    nothing = dict.fromkeys(("actions", "scrutiny"), "")
    return small_council.inputs(**nothing, priorities=PRIORITIES.format(figure_id))


def run_of(publication: Publication, output_dir: Path, *ids: str) -> None:
    folder = output_dir / publication.council.id / publication.id
    folder.mkdir(parents=True)
    (folder / "figures.csv").write_text("\n".join(["figure_id", *ids]), encoding="utf-8")


def test_an_id_that_no_figure_has_is_found_by_calculating(
    tmp_path: Path, calculated: list[str]
) -> None:
    publication = small_council.publication()
    checked = check_figures(drawn("spend.totl.this"), publication, tmp_path)
    (told,) = checked.findings
    assert (told.severity, told.found) == ("warn", "'spend.totl.this'")
    assert told.remedy == "did you mean 'spend.total.this'?"
    assert calculated == [publication.id]


def test_a_figure_that_the_last_run_had_is_not_calculated_again(
    tmp_path: Path, calculated: list[str]
) -> None:
    publication = small_council.publication()
    run_of(publication, tmp_path, "spend.total.this")
    assert not check_figures(drawn("spend.total.this"), publication, tmp_path).findings
    assert calculated == []
    # One that the last run did not have may be there by now.
    assert not check_figures(drawn("spend.total.before"), publication, tmp_path).findings
    assert calculated == [publication.id]


def test_nothing_is_calculated_from_faulty_files_or_where_no_id_is_written(
    tmp_path: Path, calculated: list[str]
) -> None:
    publication = small_council.publication()
    stop = finding("files.no_rows", "inputs/payments.csv")
    faulty = drawn("no.such")
    object.__setattr__(faulty, "findings", (stop,))
    assert check_figures(faulty, publication, tmp_path) is faulty
    nothing = small_council.inputs(actions="", priorities="", scrutiny="")
    assert check_figures(nothing, publication, tmp_path) is nothing
    assert calculated == []
