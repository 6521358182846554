"""Make a small file of ward outlines from published boundaries.

``python -m scripts.outlines BOUNDARIES > params/rotherham-demo/boundaries.geojson``

Lines between two wards are simplified once and stay shared, so no gap or overlap opens on a map.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import shapely

from sv_lib.intake.places.boundaries import read_boundaries

CORNER_METRES = 200
"""A corner whose triangle with its neighbours is smaller than the square of this is left out."""
METRES_A_DEGREE = 111_000
PLACES = 4
"""Decimals of a degree that are kept: about ten metres."""
LICENCE = (
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0. "
    "Contains OS data © Crown copyright and database right. Simplified by scripts/outlines.py: "
    "for drawing wards, not for finding in which ward a point lies."
)


def outlines(path: Path) -> dict[str, Any]:
    """The wards of a GeoJSON as a smaller GeoJSON, in the order of their codes.

    Raises InputError unless it is one.
    """
    wards = read_boundaries(path, path.name)
    areas = shapely.set_precision(wards.tree.geometries, 10**-PLACES, mode="pointwise")
    simple = shapely.coverage_simplify(areas, CORNER_METRES / METRES_A_DEGREE)
    # Neighbours had the same corners before, so rounding moves those of both to one place.
    drawn = shapely.set_precision(simple, 10**-PLACES, mode="pointwise")
    features = [
        _feature(code, wards.vintage, area)
        for code, area in sorted(zip(wards.codes, drawn.tolist(), strict=True))
    ]
    return {"type": "FeatureCollection", "licence": LICENCE, "features": features}


def _feature(code: str, vintage: str, area: Any) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(area))
    return {"type": "Feature", "properties": {vintage: code}, "geometry": geometry}


def written(collection: dict[str, Any]) -> str:
    """The collection as text, a ward a line, so that a change of one ward is one line."""
    features = collection["features"]
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in features)
    licence = json.dumps(collection["licence"], ensure_ascii=False)
    return f'{{"type":"FeatureCollection","licence":{licence},"features":[\n{lines}\n]}}\n'


if __name__ == "__main__":
    sys.stdout.write(written(outlines(Path(sys.argv[1]))))
