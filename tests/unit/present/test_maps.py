"""Maps: wards in their outlines with values and key; squares where the council puts them."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from sample_report import hidden, pounds

from scripts.outlines import outlines, written
from sv_lib.params import load
from sv_lib.present import maps

TILES = [
    maps.MapWard(
        f"E0500000{n}", f"Ward {n}", pounds(f"m.{n}", str(n * 1000)), f"wards/E0500000{n}.html"
    )
    for n in range(1, 6)
]
WORDS = maps.MapWords("Ward 5 is first", "Paid, £", "Payments.", "#wards")


def square(code: str, west: float) -> dict[str, Any]:
    ring = [[west, 53.0], [west + 0.1, 53.0], [west + 0.1, 53.1], [west, 53.1], [west, 53.0]]
    return {
        "type": "Feature",
        "properties": {"WD25CD": code, "WD25NMW": " "},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.fixture
def boundaries(tmp_path: Path) -> Path:
    path = tmp_path / "wards.geojson"
    features = [square(tile.code, -1.5 + n / 10) for n, tile in enumerate(TILES)]
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    return path


def test_outlines_with_their_values(boundaries: Path) -> None:
    shapes = maps.outlines(boundaries)
    html = maps.ward_map("map", TILES, shapes, WORDS, alt="Map of wards.", highlight="E05000002")
    assert html.count("data:image/svg+xml,") == 2
    assert 'alt="Map of wards." data-values="Ward 1: £1,000; Ward 2: £2,000;' in html
    with pytest.raises(ValueError, match="has no alt text"):
        maps.ward_map("map", TILES, shapes, WORDS, alt=" ")
    stranger = maps.MapWard("E05999999", "Wales", pounds("m.9", "1"))
    with pytest.raises(ValueError, match="no outline for Wales"):
        maps.ward_map("map", [stranger], shapes, WORDS, alt="Map.")


def test_outlines_as_links(boundaries: Path) -> None:
    html = maps.linked_map("map", TILES, maps.outlines(boundaries), WORDS)
    assert html.count('<a href="wards/E0500000') == 5
    assert '<a href="wards/E05000003.html" aria-label="Ward 3, £3,000"><path d="M' in html
    assert ' id="' not in html.removeprefix('<figure class="chart chart-full" id="map"')


def test_wards_without_boundaries_are_squares_where_the_council_puts_them(root: Path) -> None:
    shapes = maps.squares(load(root / "params/rotherham-demo/2022-mid-year.yaml").council)
    corners = {code: shape.bounds[:2] for code, shape in shapes.items()}
    assert len(set(corners.values())) == len(shapes) == 25
    boston, sitwell, wath = (corners[code] for code in ("E05012996", "E05013012", "E05013016"))
    assert boston[1] == sitwell[1] < wath[1], "Wath lies north of Boston Castle and Sitwell"
    assert boston[0] == wath[0] < sitwell[0], "Sitwell lies east of Boston Castle"
    html = maps.ward_map(
        "map", TILES[:1], {TILES[0].code: shapes["E05012996"]}, WORDS, alt="Map.", size="half"
    )
    assert html.count("data:image/svg+xml,") == 1


def test_a_council_that_puts_its_wards_nowhere_has_no_map(root: Path) -> None:
    council = load(root / "params/rotherham-demo/2022-mid-year.yaml").council
    without = tuple(ward.model_copy(update={"tile": None}) for ward in council.wards)
    assert maps.squares(council.model_copy(update={"wards": without})) == {}


def test_the_key_says_what_each_shade_stands_for() -> None:
    few = replace(hidden("m.6"), low=1, high=4)
    wards = [*TILES, maps.MapWard("E05000006", "Ward 6", few)]
    assert maps._key(wards, "short") == [
        (0, "a range, or too few to tell"),
        *((n, f"£{n},000") for n in range(1, 6)),
    ]
    assert maps._on_the_map(few) == "<5"
    assert maps._on_the_map(replace(few, low=5, high=14)) == "5–14"
    assert maps._on_the_map(hidden("m.7")) == ""


def test_the_demo_outlines_share_their_borders(root: Path) -> None:
    path = root / "params/rotherham-demo/boundaries.geojson"
    shapes = maps.outlines(path)
    codes = {ward.code for ward in load(path.with_name("2022-mid-year.yaml")).council.wards}
    assert shapes.keys() == codes
    areas = list(shapes.values())
    assert shapely.coverage_is_valid(areas), "a gap or an overlap between two wards"
    assert shapely.union_all(areas).geom_type == "Polygon"
    assert "Open Government Licence v3.0" in path.read_text(encoding="utf-8")
    assert path.stat().st_size < 30_000


@pytest.mark.real_data
def test_the_script_makes_the_demo_outlines_again(root: Path, real_data: Path) -> None:
    source = real_data / "boundaries" / "ward_E08000018_rotherham.geojson"
    kept = (root / "params/rotherham-demo/boundaries.geojson").read_text(encoding="utf-8")
    assert written(outlines(source)) == kept


@pytest.mark.real_data
def test_real_outlines(capsys: pytest.CaptureFixture[str]) -> None:
    folder = os.environ.get("SV_REAL_DATA")
    if not folder:
        pytest.skip("SV_REAL_DATA is not set: the real ward boundaries were not drawn")
    path = Path(folder, "boundaries", "ward_E08000018_rotherham.geojson")
    shapes = maps.outlines(path)
    assert len(shapes) == 25
    tiles = [
        maps.MapWard(code, code, pounds(f"m.{n}", str(n))) for n, code in enumerate(sorted(shapes))
    ]
    assert len(maps.ward_map("map", tiles, shapes, WORDS, alt="Map of wards.")) < 110_000
    assert len(maps.linked_map("map", tiles, shapes, WORDS)) < 40_000
