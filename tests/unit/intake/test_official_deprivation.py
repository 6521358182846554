"""Deprivation from the files that are published, by their own headings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import Publication, load

Publish = Callable[..., Publication]

LOOKUP = (
    "LSOA21CD,LSOA21NM,WD24CD,WD24NM,LAD24CD,LAD24NM\nE01990001,North "
    "1,E05990001,North,E08990001,Test\n"
)
MORE = (
    "E01990002,South "
    "1,E05990002,South,E08990001,Test\nE01990003,Else,E05990009,Else,E08990002,Else\n"
)
DECILE = "Decile (where 1 is most deprived 10% of LSOAs)"
FILE_7 = f"""LSOA code (2021),Index of Multiple Deprivation (IMD) Score,Index of Multiple Deprivation (IMD) {DECILE},\
"Education, Skills and Training {DECILE}",Total population: mid 2022
E01990001,40,1,2,1500
E01990002,10,6,7,1600
E01990003,9,9,9,1700
"""  # noqa: E501 text as a file or a script has it
SOUTH_YORKSHIRE = "imd/lookup_lsoa21_ward24_ltla24_south_yorkshire.csv"


def test_only_the_councils_lsoas_are_used_and_the_rest_are_counted(publish: Publish) -> None:
    lines = "  deprivation: imd.csv\n  lsoa_wards: lookup.csv\n"
    inputs = read_inputs(publish(lines, imd_dot_csv=FILE_7, lookup_dot_csv=LOOKUP + MORE))
    assert inputs.findings == ()
    frame = inputs.frames["deprivation"]
    assert frame["ward_code"].tolist() == ["E05990001", "E05990002"]
    assert frame["imd_decile"].tolist() == [1, 6]
    assert frame["residents"].tolist() == [1500, 1600]
    assert inputs.controls[
        ["file", "rows_in", "rows_used", "rows_excluded"]
    ].to_numpy().tolist() == [["lookup.csv", 3, 2, 1], ["imd.csv", 3, 2, 1]]


def test_residents_of_working_age_are_read_where_the_file_has_them(publish: Publish) -> None:
    heading, *lines = FILE_7.splitlines()
    aged = "\n".join([f"{heading},Working age population 18-66/64: mid 2022", *lines])
    for count, line in enumerate(lines):
        aged = aged.replace(line, f"{line},{900 + count}")
    lines_of = "  deprivation: imd.csv\n  lsoa_wards: lookup.csv\n"
    inputs = read_inputs(publish(lines_of, imd_dot_csv=aged, lookup_dot_csv=LOOKUP + MORE))
    assert inputs.frames["deprivation"]["residents_working_age"].tolist() == [900, 901]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("  deprivation: imd.csv\n", "no ward for its LSOAs"),
        ("  deprivation: imd.csv\n  lsoa_wards: short.csv\n", "no LSOA in ward E05990002"),
        (
            "  deprivation: imd.csv\n  lsoa_wards: imd.csv\n",
            "no column of LSOA codes and ward codes",
        ),
    ],
)
def test_without_a_ward_for_every_lsoa_the_run_stops(
    publish: Publish, lines: str, said: str
) -> None:
    inputs = read_inputs(publish(lines, imd_dot_csv=FILE_7, short_dot_csv=LOOKUP))
    assert said in [finding.found for finding in inputs.stops]


def test_a_ward_whose_code_changed_is_proposed_by_its_name_and_read_by_its_alias(
    publish: Publish,
) -> None:
    lines = "  deprivation: imd.csv\n  lsoa_wards: lookup.csv\n"
    lookup = LOOKUP + MORE.replace("E05990002", "E05980002")
    publication = publish(lines, imd_dot_csv=FILE_7, lookup_dot_csv=lookup)
    said = [finding.remedy for finding in read_inputs(publication).findings]
    assert any("write in council.yaml: aliases: {E05980002: E05990002}" in one for one in said)
    renamed = publication.council.model_copy(update={"aliases": {"E05980002": "E05990002"}})
    inputs = read_inputs(publication.model_copy(update={"council": renamed}))
    assert inputs.findings == ()
    assert inputs.frames["deprivation"]["ward_code"].tolist() == ["E05990001", "E05990002"]


def rotherham(publish: Publish, root: Path, file: str) -> Publication:
    """Rotherham's own wards, with nothing but deprivation."""
    lines = (
        f"  deprivation: ${{SV_REAL_DATA}}/imd/{file}\n  lsoa_wards: "
        f"${{SV_REAL_DATA}}/{SOUTH_YORKSHIRE}\n"
    )
    publication = publish(lines)
    council = load(root / "params" / "rotherham" / "2026-mid-year.yaml").council.model_copy(
        update={"inputs": {}}
    )
    return publication.model_copy(update={"council": council})


@pytest.mark.real_data
@pytest.mark.parametrize(
    "file", ["imd2025_england_lsoa21.csv.gz", "File_7_IoD2025_south_yorkshire_RECONSTRUCTED.csv"]
)
def test_rotherham_in_the_indices_of_2025(
    publish: Publish, root: Path, real_data: Path, file: str
) -> None:
    inputs = read_inputs(rotherham(publish, root, file))
    assert inputs.stops == []
    frame = inputs.frames["deprivation"]
    assert (len(frame), int((frame["imd_decile"] == 1).sum()), frame["ward_code"].nunique()) == (
        170,
        36,
        25,
    )
    assert frame["residents"].isna().all()


@pytest.mark.real_data
def test_indices_of_another_vintage_stop_the_run(
    publish: Publish, root: Path, real_data: Path
) -> None:
    inputs = read_inputs(
        rotherham(publish, root, "File_1_-_IMD2019_Index_of_Multiple_Deprivation.xlsx")
    )
    assert [finding.remedy for finding in inputs.stops] == [
        "use a lookup and Indices of one LSOA vintage: 2011 with IoD 2019, 2021 with IoD 2025"
    ]


CHANGES = "lsoa11_code,change_code,lsoa21_code\nE01980001,S,E01990001\nE01980001,S,E01990002\nE01980003,U,E01990003\n"  # noqa: E501 text as a file or a script has it


def test_indices_on_the_lsoas_of_2011_reach_the_wards_through_the_lookup_of_changes(
    publish: Publish,
) -> None:
    lines = "  deprivation: imd.csv\n  lsoa_wards: [changes.csv, lookup.csv]\n"
    old = FILE_7.replace("LSOA code (2021)", "LSOA code (2011)").replace("E0199", "E0198")
    inputs = read_inputs(
        publish(lines, imd_dot_csv=old, lookup_dot_csv=LOOKUP + MORE, changes_dot_csv=CHANGES)
    )
    assert inputs.frames["deprivation"][["lsoa_code", "ward_code"]].to_numpy().tolist() == [
        ["E01980001", "E05990001"]
    ]
    assert [(finding.severity, finding.found) for finding in inputs.findings] == [
        ("warn", "E01980001")
    ]


@pytest.mark.real_data
@pytest.mark.parametrize(
    "file",
    ["File_1_-_IMD2019_Index_of_Multiple_Deprivation.xlsx", "iod2019_south_yorkshire_lsoa11.csv"],
)
def test_rotherham_in_the_indices_of_2019(
    publish: Publish, root: Path, real_data: Path, file: str
) -> None:
    publication = rotherham(publish, root, file)
    lookups = (
        f"${{SV_REAL_DATA}}/{SOUTH_YORKSHIRE}",
        "${SV_REAL_DATA}/imd/lookup_lsoa11_lsoa21_ltla22_south_yorkshire.csv",
    )
    council = publication.file.model_copy(
        update={"inputs": {**publication.file.inputs, "lsoa_wards": lookups}}
    )
    inputs = read_inputs(publication.model_copy(update={"file": council}))
    assert inputs.stops == []
    assert len(inputs.frames["deprivation"]) == 167
