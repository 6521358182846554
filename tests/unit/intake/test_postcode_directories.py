"""Postcode directories of any vintage, and coordinates placed in ward boundaries."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sv_lib.errors import InputError
from sv_lib.intake.pipeline import read_inputs
from sv_lib.intake.places.boundaries import read_boundaries
from sv_lib.intake.places.postcodes import find_postcode, read_directory
from sv_lib.params import Council, Publication, load

Publish = Callable[..., Publication]

ONSPD = """pcd,pcd2,pcds,dointr,doterm,oslaua,osward,rgn,lsoa11,lsoa21
ZZ11AA,ZZ1  1AA,ZZ1 1AA,199001,,E08990001,E05990001,E12990001,E01880001,E01990001
ZZ11AB,ZZ1  1AB,ZZ1 1AB,199001,200506,E08990002,E05990009,E12990001,E01880001,E01990003
ZZ99ZZ,ZZ9  9ZZ,ZZ9 9ZZ,199001,,E08990003,E05990010,E12990002,E01880001,E01990004
"""
NSPL = ONSPD.replace("oslaua,osward", "laua,ward")
DATED = ONSPD.replace("oslaua,osward,rgn,lsoa11,lsoa21", "lad25cd,wd25cd,rgn25cd,lsoa11cd,lsoa21cd")
CODE_POINT = """"ZZ11AA",10,1,1,"E92000001","E1","E1","","E08990001","E05990001"
"ZZ1 1AB",10,1,1,"E92000001","E1","E1","","E08990002","E05990009"
"""


@pytest.fixture
def council(root: Path) -> Council:
    """The council of the faultless files."""
    return load(root / "tests" / "bad_inputs" / "base" / "publication.yaml").council


@pytest.mark.parametrize("text", [ONSPD, NSPL, DATED, "\ufeff" + DATED])
def test_columns_are_found_by_pattern_and_terminated_postcodes_kept(
    tmp_path: Path, council: Council, text: str
) -> None:
    (tmp_path / "file.csv").write_text(text, encoding="utf-8")
    found = read_directory(tmp_path / "file.csv", "file.csv", {"zz11ab"}, council, None)
    assert found.rows == 3
    assert found.frame.reset_index().to_numpy().tolist() == [
        [2, "ZZ1 1AA", "E05990001", "E01990001", "E08990001", "E12990001"],
        [3, "ZZ1 1AB", "E05990009", "E01990003", "E08990002", "E12990001"],
    ]
    assert [finding.found for finding in found.findings][1:] == ["1 terminated postcode"]


def test_a_zip_of_the_country_and_a_compressed_file_are_read_as_they_are(
    tmp_path: Path, council: Council
) -> None:
    with zipfile.ZipFile(tmp_path / "onspd.zip", "w") as packed:
        for name in ("Data/ONSPD_UK.csv", "Data/multi_csv/ONSPD_UK_ZZ.csv", "Documents/names.csv"):
            packed.writestr(name, ONSPD)
    (tmp_path / "onspd.csv.gz").write_bytes(gzip.compress(ONSPD.encode()))
    for name in ("onspd.zip", "onspd.csv.gz"):
        found = read_directory(tmp_path / name, name, set(), council, None)
        assert (found.rows, found.frame["postcode"].tolist()) == (3, ["ZZ1 1AA"])


def test_code_point_open_has_no_headings_and_no_regions(tmp_path: Path, council: Council) -> None:
    (tmp_path / "file.csv").write_text(CODE_POINT, encoding="utf-8")
    found = read_directory(tmp_path / "file.csv", "file.csv", {"ZZ1 1AB"}, council, None)
    assert found.frame["postcode"].tolist() == ["ZZ1 1AA", "ZZ1 1AB"]
    assert found.frame.index.tolist() == [1, 2]


def test_a_file_that_is_none_is_refused(tmp_path: Path, council: Council) -> None:
    (tmp_path / "file.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="none of its headings is known"):
        read_directory(tmp_path / "file.csv", "file.csv", set(), council, None)


def square(code: str, west: float, year: str = "25") -> dict[str, object]:
    """A ward one degree wide."""
    ring = [[west, 0], [west + 1, 0], [west + 1, 1], [west, 1], [west, 0]]
    return {
        "properties": {f"WD{year}CD": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_coordinates_are_placed_in_the_boundaries(tmp_path: Path, council: Council) -> None:
    outlines = {"features": [square("E05990001", 0, "21"), square("E05990002", 1, "21")]}
    (tmp_path / "wards.geojson").write_text(json.dumps(outlines), encoding="utf-8")
    text = (
        "Postcode,lat,long\nZZ1 1AA,0.5,0.5\nZZ1 1AB,0.5,1.5\nZZ1 1AC,0.5,1\nZZ1 "
        "1AD,99.999999,0.000000\n"
    )
    (tmp_path / "file.csv").write_text(text, encoding="utf-8")
    boundaries = read_boundaries(tmp_path / "wards.geojson", "wards.geojson")
    every = {f"ZZ1 1A{letter}" for letter in "ABCD"}
    found = read_directory(tmp_path / "file.csv", "file.csv", every, council, boundaries)
    assert found.frame["ward_code"].tolist() == ["E05990001", "E05990002", "E05990001"]
    assert boundaries.vintage == "WD21CD"
    assert [finding.found for finding in found.findings if finding.severity == "warn"] == [
        "1 postcode"
    ]


def test_grid_references_are_placed_like_degrees(tmp_path: Path, council: Council) -> None:
    """The tower of the worked example of the Ordnance Survey, 52.66 N and 1.72 E."""
    ring = [[1.71, 52.6], [1.72, 52.6], [1.72, 52.7], [1.71, 52.7], [1.71, 52.6]]
    tower = {
        "properties": {"WD24CD": "E05990001"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    (tmp_path / "wards.geojson").write_text(json.dumps({"features": [tower]}), encoding="utf-8")
    text = "Postcode,Eastings,Northings\nZZ1 1AA,651410,313177\nZZ1 1AB,443836,385660\nZZ1 1AC,,\n"
    (tmp_path / "file.csv").write_text(text, encoding="utf-8")
    boundaries = read_boundaries(tmp_path / "wards.geojson", "wards.geojson")
    found = read_directory(
        tmp_path / "file.csv", "file.csv", {"ZZ1 1AA", "ZZ1 1AB", "ZZ1 1AC"}, council, boundaries
    )
    assert found.frame[["postcode", "ward_code"]].to_numpy().tolist() == [["ZZ1 1AA", "E05990001"]]
    assert [finding.found for finding in found.findings if finding.severity == "warn"] == [
        "2 postcodes"
    ]


def test_boundaries_of_other_years_stop_the_run_and_say_which(publish: Publish) -> None:
    outlines = json.dumps({"features": [square("E05990001", 0, "21")]})
    publication = publish(
        "  postcode_directory: list.csv\n",
        wards_dot_geojson=outlines,
        list_dot_csv="Postcode,lat,long\nZZ1 1AA,0.5,0.5\n",
    )
    council = publication.path.parent / "council.yaml"
    council.write_text(
        "boundaries: wards.geojson\n" + council.read_text(encoding="utf-8"), encoding="utf-8"
    )
    (stop,) = read_inputs(load(publication.path)).stops
    assert (stop.file, stop.found) == ("wards.geojson", "WD21CD: no outline of South")
    assert stop.remedy == "use the boundaries of the years of the ward codes in council.yaml"


def test_boundaries_in_metres_are_refused(tmp_path: Path) -> None:
    (tmp_path / "wards.geojson").write_text(
        json.dumps({"features": [square("E05990001", 400_000)]}), encoding="utf-8"
    )
    with pytest.raises(InputError, match="not longitude and latitude"):
        read_boundaries(tmp_path / "wards.geojson", "wards.geojson")


def test_only_what_suppliers_need_reaches_the_table_and_the_rest_is_counted(
    publish: Publish,
) -> None:
    lines = "  suppliers: inputs/suppliers.csv\n  postcode_directory: directory.csv\n"
    inputs = read_inputs(publish(lines, directory_dot_csv=ONSPD))
    assert inputs.stops == []
    assert inputs.frames["postcodes"]["postcode"].tolist() == ["ZZ1 1AA", "ZZ1 1AB"]
    control = inputs.controls.set_index("file").loc["directory.csv"]
    assert control[["rows_in", "rows_used", "rows_excluded"]].tolist() == [3, 2, 1]
    assert [(file.table, file.name) for file in inputs.files][-1] == (
        "postcode_directory",
        "directory.csv",
    )


def test_wards_of_other_years_stop_the_run(publish: Publish) -> None:
    text = ONSPD.replace("E05990001", "E05000001")
    inputs = read_inputs(publish("  postcode_directory: directory.csv\n", directory_dot_csv=text))
    assert [finding.found for finding in inputs.stops] == ["1 postcode in 1 ward such as E05000001"]
    text = ONSPD.replace("E08990001", "E08990009")
    inputs = read_inputs(publish("  postcode_directory: directory.csv\n", directory_dot_csv=text))
    assert "no postcode in E08990001" in [finding.found for finding in inputs.stops]


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("M3 5FS", "M3 5FS"),
        ("17 Crosswall, London EC3N 2LB", "EC3N 2LB"),
        ("Emerald Way, ST150SR", "ST15 0SR"),
        ("800 Hicks Rd, Rolling Meadows, IL60008 USA", ""),
        ("Sl7 1LW", "SL7 1LW"),
        ("K2K 2MB", ""),
        ("N/A", ""),
    ],
)
def test_a_postcode_is_found_in_free_text(text: str, postcode: str) -> None:
    assert find_postcode(text) == postcode


@pytest.mark.real_data
def test_real_coordinates_fall_in_the_wards_that_were_derived_from_them(
    real_data: Path, root: Path
) -> None:
    council = load(root / "params" / "rotherham" / "2026-mid-year.yaml").council
    outlines = read_boundaries(
        real_data / "boundaries" / "ward_E08000018_rotherham.geojson", "wards"
    )
    derived = pd.read_csv(
        real_data / "postcodes" / "rotherham_postcode_ward_lsoa_DERIVED.csv", dtype="str"
    )
    needed = set(derived["pcds"])
    frames = [
        read_directory(
            real_data / "postcodes" / f"nspl_2025-05_latlong_{area}.csv",
            area,
            needed,
            council,
            outlines,
        ).frame
        for area in ("S", "DN")
    ]
    found = pd.concat(frames)
    bare = [postcodes.str.replace(" ", "") for postcodes in (found["postcode"], derived["pcds"])]
    both = found.assign(bare=bare[0]).merge(derived.assign(bare=bare[1]), on="bare", validate="1:1")
    assert (len(both), int((both["ward_code"] == both["wd25cd"]).sum())) == (9600, 9600)


@pytest.mark.real_data
def test_a_directory_of_2014_has_wards_of_2014(real_data: Path, root: Path) -> None:
    council = load(root / "params" / "rotherham" / "2026-mid-year.yaml").council
    path = real_data / "postcodes" / "codepoint_open_2014-08_rotherham_noheader.csv"
    found = read_directory(path, "2014", set(), council, None)
    assert len(found.frame) == 6275
    assert "6,275 postcodes in 21 wards such as E05001028" in [
        finding.found for finding in found.findings
    ]
