"""Ward boundaries from a GeoJSON, and which ward a point lies in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from shapely.errors import ShapelyError

from sv_lib.intake.files.archives import DAMAGED
from sv_lib.intake.findings import file_error

WARD_CODE = re.compile(r"WD\d\dCD", re.IGNORECASE)
NO_GEOJSON = (
    *DAMAGED,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    StopIteration,
    ShapelyError,
)
"""What a file raises that is no GeoJSON of wards, whichever part of it is wrong."""


@dataclass(frozen=True)
class Boundaries:
    """Outlines in longitude and latitude.

    ``vintage``: the property that holds the codes, such as WD25CD.
    """

    codes: tuple[str, ...]
    vintage: str
    tree: shapely.STRtree

    def wards(self, longitudes: npt.ArrayLike, latitudes: npt.ArrayLike) -> list[str]:
        """The ward of each point; blank outside all of them. On an edge, the first in the file."""
        across = np.asarray(longitudes, dtype=float)
        up = np.asarray(latitudes, dtype=float)
        points, outlines = self.tree.query(shapely.points(across, up), predicate="intersects")
        found = [""] * len(across)
        # In falling order, so that the first ward of a point is written last, and stays.
        for point, ward in sorted(zip(points.tolist(), outlines.tolist(), strict=True))[::-1]:
            found[point] = self.codes[ward]
        return found


def read_boundaries(path: Path, name: str) -> Boundaries:
    """The outlines of a GeoJSON with a ward code of any year (WD21CD ... WD25CD).

    Raises InputError unless it is one of areas, in longitude and latitude.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        vintage = next(key for key in features[0]["properties"] if WARD_CODE.fullmatch(key))
        codes = tuple(feature["properties"][vintage] for feature in features)
        shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
        # Published outlines may cross themselves; a point is in none of such until it is mended.
        outlines = [shapely.make_valid(shape) for shape in shapes]
        west, south, east, north = shapely.total_bounds(outlines)
    except NO_GEOJSON:
        raise file_error("boundaries.no_wards", name) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise file_error("boundaries.not_degrees", name)
    return Boundaries(codes, vintage, shapely.STRtree(outlines))
