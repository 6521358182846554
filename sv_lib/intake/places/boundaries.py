"""Ward boundaries: a GeoJSON with a ward code of any year (WD21CD ... WD25CD), and which ward a
point
lies in.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from shapely.errors import ShapelyError

from sv_lib.errors import InputError
from sv_lib.intake.files.archives import DAMAGED

WARD_CODE = re.compile(r"WD\d\dCD", re.IGNORECASE)


@dataclass(frozen=True)
class Boundaries:
    """Outlines in longitude and latitude. ``vintage``: the property that holds the codes, such as
    WD25CD.
    """

    codes: tuple[str, ...]
    vintage: str
    tree: shapely.STRtree

    def wards(self, longitudes: npt.ArrayLike, latitudes: npt.ArrayLike) -> list[str]:
        """The ward of each point; blank outside all of them. On an edge, the first in the file."""
        points = shapely.points(
            np.asarray(longitudes, dtype=float), np.asarray(latitudes, dtype=float)
        )
        at, outline = self.tree.query(points, predicate="intersects")
        found = [""] * len(points)
        for point, ward in sorted(zip(at.tolist(), outline.tolist(), strict=True), reverse=True):
            found[point] = self.codes[ward]
        return found


def read_boundaries(path: Path, name: str) -> Boundaries:
    """Raises InputError unless it is a GeoJSON of areas with ward codes, in longitude and
    latitude.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        vintage = next(key for key in features[0]["properties"] if WARD_CODE.fullmatch(key))
        codes = tuple(feature["properties"][vintage] for feature in features)
        outlines = [
            shapely.make_valid(shapely.geometry.shape(feature["geometry"])) for feature in features
        ]
        west, south, east, north = shapely.total_bounds(outlines)
    except (
        *DAMAGED,
        ArithmeticError,
        LookupError,
        TypeError,
        AttributeError,
        StopIteration,
        ShapelyError,
    ):
        raise _refusal(name, "it is not a GeoJSON of wards with a code such as WD25CD") from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise _refusal(name, "its coordinates are not longitude and latitude")
    return Boundaries(codes, vintage, shapely.STRtree(outlines))


def _refusal(name: str, found: str) -> InputError:
    remedy = "download the wards again as GeoJSON (WGS84) from the ONS Open Geography portal"
    return InputError(name, found, "a point's ward cannot be told without it", remedy)
