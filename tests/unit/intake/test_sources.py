"""Paths stay in their folder, whatever a parameter file says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sv_lib.errors import ParameterError
from sv_lib.intake.input_files import find_files
from sv_lib.params import Publication

Publish = Callable[..., Publication]


@pytest.mark.parametrize(
    "path",
    [
        "../x.csv",
        "inputs/../../x.csv",
        "/x.csv",
        "~/x.csv",
        "C:/x.csv",
        "inputs\\x.csv",
        "$HOME/x.csv",
        "${SV_REAL_DATA}/../x.csv",
        "inputs/${SV_REAL_DATA}/x.csv",
        "${OTHER}/x.csv",
        "''",
        ".",
    ],
)
def test_a_path_that_leaves_its_folder_is_refused(path: str, publish: Publish) -> None:
    with pytest.raises(ParameterError, match=r"faults? in the inputs"):
        find_files(publish(f"  returns: {path}\n"))
    with pytest.raises(ParameterError):
        find_files(publish(above=f"corrections: {path}\n"))


def test_a_link_to_a_file_outside_is_refused(publish: Publish, tmp_path: Path) -> None:
    publication = publish("  returns: inputs/returns-*.csv\n")
    (tmp_path / "elsewhere.csv").write_text("claim_id\nR1\n", encoding="utf-8")
    (publication.path.parent / "inputs" / "returns-2022.csv").symlink_to(tmp_path / "elsewhere.csv")
    _, found = find_files(publication)
    assert [finding.found for finding in found] == [
        "returns-2022.csv is a link to a file outside the folder"
    ]


def test_patterns_give_each_file_once_in_order(publish: Publish) -> None:
    lines = "  returns: ['inputs/*.csv', inputs/returns.csv, 'inputs/odd [1].csv']\n"
    publication = publish(lines, **{"inputs__odd [1]_dot_csv": "x\n"})
    files, found = find_files(publication)
    assert found == []
    assert list(files["returns"]) == sorted(files["returns"])
    assert len(files["returns"]) == len(list((publication.path.parent / "inputs").iterdir()))


def test_the_folder_of_real_files(
    publish: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.csv").write_text("x\n", encoding="utf-8")
    monkeypatch.setenv("SV_REAL_DATA", str(tmp_path / "real"))
    files, _ = find_files(publish("  payments: ${SV_REAL_DATA}/*.csv\n"))
    assert files == {"payments": {"${SV_REAL_DATA}/a.csv": tmp_path / "real" / "a.csv"}}
