"""Grid references as degrees: the Ordnance Survey's own worked example, and real postcodes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sv_lib.intake.places.boundaries import read_boundaries
from sv_lib.intake.places.grid import to_degrees


def test_a_point_of_the_ordnance_surveys_worked_example() -> None:
    """Annex C of its guide: E 651409.903 m, N 313177.270 m is 52 39' 27.2531" N, 1 43' 4.5177" E.

    That is on the ellipsoid of the grid (Airy). The degrees below are of the same point on WGS84,
    as our own formulas of annexes A to C gave them before a library did.
    """
    longitudes, latitudes = to_degrees(np.array([651409.903]), np.array([313177.27]))
    assert longitudes[0] == pytest.approx(1.71605197, abs=5e-8)
    assert latitudes[0] == pytest.approx(52.6579786, abs=5e-8)


def test_what_is_no_grid_reference_lies_in_no_place() -> None:
    longitudes, latitudes = to_degrees(np.array([np.nan, -1e12]), np.array([1.0, 5.0]))
    assert not np.isfinite(longitudes).any()
    assert not np.isfinite(latitudes).any()


@pytest.mark.real_data
def test_real_postcodes_are_within_metres_and_in_the_same_ward(real_data: Path) -> None:
    """Postcodes of 2014 by their grid references, and by the degrees that ONS gave them in 2025."""
    folder = real_data / "postcodes"
    grid = pd.read_csv(
        folder / "codepoint_open_2014-08_rotherham_noheader.csv", header=None, usecols=[0, 2, 3]
    )
    grid.columns = ["postcode", "east", "north"]
    ons = pd.concat(
        pd.read_csv(folder / f"nspl_2025-05_latlong_{area}.csv") for area in ("S", "DN")
    )
    both = grid.assign(key=grid["postcode"].str.replace(" ", "")).merge(
        ons.assign(key=ons["Postcode"].str.replace(" ", "")), on="key"
    )
    longitudes, latitudes = to_degrees(both["east"].to_numpy(float), both["north"].to_numpy(float))
    metres = np.hypot((latitudes - both["lat"]) * 111_320, (longitudes - both["long"]) * 66_400)
    assert len(both) > 6_000
    assert np.median(metres) < 3
    wards = read_boundaries(real_data / "boundaries" / "ward_E08000018_rotherham.geojson", "wards")
    mine, theirs = wards.wards(longitudes, latitudes), wards.wards(both["long"], both["lat"])
    same = sum(one == other for one, other in zip(mine, theirs, strict=True)) / len(both)
    print(f"{len(both):,} postcodes: median {np.median(metres):.1f} m, {same:.2%} in the same ward")
    assert same > 0.99
