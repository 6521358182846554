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
"""What reading raises when some part of a file is not as in a GeoJSON of wards."""


@dataclass(frozen=True)
class Boundaries:
    """Outlines in longitude and latitude.

    ``vintage``: the property that holds the codes, such as WD25CD.
    """

    codes: tuple[str, ...]
    vintage: str
    tree: shapely.STRtree

    def wards(self, longitudes: npt.ArrayLike, latitudes: npt.ArrayLike) -> list[str]:
        """Return the ward of each point: on an edge the first in the file, outside all a blank."""
        across = np.asarray(longitudes, dtype=float)
        up = np.asarray(latitudes, dtype=float)
        given = shapely.points(across, up)
        points, outlines = self.tree.query(given, predicate="intersects")
        found = [""] * len(given)
        inside = sorted(zip(points.tolist(), outlines.tolist(), strict=True))
        # From the end, so that the first outline of a point is written last, and stays.
        for point, outline in reversed(inside):
            found[point] = self.codes[outline]
        return found


def read_boundaries(path: Path, name: str) -> Boundaries:
    """Read the outlines of a GeoJSON with a ward code of any year (WD21CD ... WD25CD).

    Raises InputError when it is no GeoJSON of wards, or not in longitude and latitude.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        features = json.loads(text)["features"]
        vintage = next(filter(WARD_CODE.fullmatch, features[0]["properties"]))
        codes = [feature["properties"][vintage] for feature in features]
        shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
        # An outline that crosses itself cannot be searched until it is mended.
        outlines = [shapely.make_valid(shape) for shape in shapes]
        west, south, east, north = shapely.total_bounds(outlines)
    except NO_GEOJSON:
        raise file_error("boundaries.no_wards", name) from None
    is_longitude = -180 <= west <= east <= 180
    is_latitude = -90 <= south <= north <= 90
    if not is_longitude or not is_latitude:
        raise file_error("boundaries.not_degrees", name)
    return Boundaries(tuple(codes), vintage, shapely.STRtree(outlines))
