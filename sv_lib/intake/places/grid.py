"""Ordnance Survey grid references as longitude and latitude, to within about 5 metres.

The Transverse Mercator formulas and the seven parameters are those of the Ordnance Survey's "A
guide to coordinate systems in Great Britain", annexes B and C, and section 6.6. The exact way
(OSTN15) needs a grid of shifts of 15 MB; 5 metres are less than the 20 metres by which published
ward boundaries are generalised.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

AIRY = (6_377_563.396, 6_356_256.909)
WGS84 = (6_378_137.0, 6_356_752.314245)
"""Half-axes of an ellipsoid in metres."""
SCALE, EAST, NORTH = 0.9996012717, 400_000.0, -100_000.0
LATITUDE, LONGITUDE = np.radians(49.0), np.radians(-2.0)
SHIFT = np.array([446.448, -125.157, 542.060])
TURN = np.radians(np.array([0.1502, 0.2470, 0.8421]) / 3600)
STRETCH = 1 - 20.4894e-6


def to_degrees(eastings: Numbers, northings: Numbers) -> tuple[Numbers, Numbers]:
    """Longitudes and latitudes (WGS84) of points on the British National Grid, given in metres."""
    longitudes, latitudes = _from_grid(eastings, northings)
    x, y, z = STRETCH * _on_axes(longitudes, latitudes, AIRY)
    a, b, c = TURN
    turned = np.array([x - c * y + b * z, c * x + y - a * z, -b * x + a * y + z])
    longitudes, latitudes = _from_axes(turned + SHIFT[:, None], WGS84)
    return np.degrees(longitudes), np.degrees(latitudes)


def _from_grid(eastings: Numbers, northings: Numbers) -> tuple[Numbers, Numbers]:
    """Longitudes and latitudes in radians on the ellipsoid of the grid."""
    a, b = (SCALE * axis for axis in AIRY)
    e2 = 1 - (b / a) ** 2
    latitudes = np.full_like(northings, LATITUDE)
    for _ in range(8):
        latitudes = latitudes + (northings - NORTH - _meridian(latitudes, a, b)) / a
    root = 1 - e2 * np.sin(latitudes) ** 2
    nu, rho = a / np.sqrt(root), a * (1 - e2) / root**1.5
    eta2, t, sec = nu / rho - 1, np.tan(latitudes), 1 / np.cos(latitudes)
    east = eastings - EAST
    north_by = (
        t
        / (rho * nu)
        * (
            east**2 / 2
            - east**4 / (24 * nu**2) * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2)
            + east**6 / (720 * nu**4) * (61 + 90 * t**2 + 45 * t**4)
        )
    )
    east_by = (
        sec
        / nu
        * (
            east
            - east**3 / (6 * nu**2) * (nu / rho + 2 * t**2)
            + east**5 / (120 * nu**4) * (5 + 28 * t**2 + 24 * t**4)
        )
    )
    return LONGITUDE + east_by, latitudes - north_by


def _meridian(latitudes: Numbers, a: float, b: float) -> Numbers:
    """Metres along the meridian from the grid's true origin."""
    n = (a - b) / (a + b)
    less, more = latitudes - LATITUDE, latitudes + LATITUDE
    metres: Numbers = b * (
        (1 + n + 1.25 * n**2 + 1.25 * n**3) * less
        - (3 * n + 3 * n**2 + 2.625 * n**3) * np.sin(less) * np.cos(more)
        + 1.875 * (n**2 + n**3) * np.sin(2 * less) * np.cos(2 * more)
        - 35 / 24 * n**3 * np.sin(3 * less) * np.cos(3 * more)
    )
    return metres


def _on_axes(longitudes: Numbers, latitudes: Numbers, ellipsoid: tuple[float, float]) -> Numbers:
    """Points on an ellipsoid as x, y and z in metres from its centre."""
    a, b = ellipsoid
    nu = a**2 / np.hypot(a * np.cos(latitudes), b * np.sin(latitudes))
    flat = nu * np.cos(latitudes)
    return np.array(
        [
            flat * np.cos(longitudes),
            flat * np.sin(longitudes),
            nu * (b / a) ** 2 * np.sin(latitudes),
        ]
    )


def _from_axes(places: Numbers, ellipsoid: tuple[float, float]) -> tuple[Numbers, Numbers]:
    """The way back, by Bowring's formula, for points near the ground."""
    a, b = ellipsoid
    x, y, z = places
    flat = np.hypot(x, y)
    angle = np.arctan2(z * a, flat * b)
    e2, e2_b = 1 - (b / a) ** 2, (a / b) ** 2 - 1
    latitudes = np.arctan2(z + e2_b * b * np.sin(angle) ** 3, flat - e2 * a * np.cos(angle) ** 3)
    return np.arctan2(y, x), latitudes
