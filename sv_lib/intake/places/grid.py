"""Ordnance Survey grid references as longitude and latitude, to within about 5 metres."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

# The steps are written out, where pyproj would choose them for EPSG:27700, because its choice
# depends on the machine: with the OSTN15 grid at hand, or a network, it takes a finer way, and the
# same postcode could land in another ward. Five metres are less than the 20 metres by which
# published ward boundaries are generalised.
# Source: "A guide to coordinate systems in Great Britain", Ordnance Survey, section 6.6 (the seven
# parameters, with the signs of a position vector) and annex A (the National Grid).
NATIONAL_GRID = """
    +proj=pipeline
    +step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy
    +step +proj=push +v_3
    +step +proj=cart +ellps=airy
    +step +proj=helmert +x=446.448 +y=-125.157 +z=542.060 +rx=0.1502 +ry=0.2470 +rz=0.8421
          +s=-20.4894 +convention=position_vector
    +step +inv +proj=cart +ellps=WGS84
    +step +proj=pop +v_3
    +step +proj=unitconvert +xy_in=rad +xy_out=deg
"""


def to_degrees(eastings: Numbers, northings: Numbers) -> tuple[Numbers, Numbers]:
    """Return longitudes and latitudes (WGS84) of points on the British National Grid, in metres.

    A point far outside the grid gets infinity, which lies in no ward.
    """
    # Imported here because it takes a tenth of a second, and only files with grid references and
    # no wards need it.
    from pyproj import Transformer

    longitudes, latitudes = Transformer.from_pipeline(NATIONAL_GRID).transform(eastings, northings)
    return np.asarray(longitudes), np.asarray(latitudes)
