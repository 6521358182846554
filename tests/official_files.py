"""Official files of the published shape, written for the tests: other years, a ward's new code."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

WARDS = {"E05990101": "Abbey & Mill", "E05990102": "Castle", "E05990103": "Wales"}
FAR = {"E05990201": "Castle", "E05990202": "Other Side"}


def write_csv(path: Path, *rows: tuple[object, ...]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def write_official_files(home: Path, wards: Mapping[str, str] = WARDS | FAR) -> None:
    """A lookup, boundaries of a later year, File 7, a postcode directory, and payments."""
    old = {"E05990003": "Wales"}  # the code of the year before
    lookup = [("E05990101", "E01990001"), ("E05990102", "E01990002"), ("E05990003", "E01990003")]
    rows = [
        (f"{lsoa}", f"Anytown {lsoa[-3:]}", ward, (WARDS | old)[ward], "E08990011", "Anytown")
        for ward, lsoa in lookup
    ]
    rows.append(("E01990009", "Elsewhere 001A", "E05990201", "Castle", "E08990022", "Elsewhere"))
    heads = ("LSOA21CD", "LSOA21NM", "WD24CD", "WD24NM", "LAD24CD", "LAD24NM")
    write_csv(home / "lookup.csv", heads, *rows)
    square = [[[-1.0, 53.0], [-1.0, 53.1], [-0.9, 53.1], [-1.0, 53.0]]]
    features = [
        {
            "type": "Feature",
            "properties": {
                "WD25CD": code,
                "WD25NM": name.replace("&", "and"),
                "WD25NMW": " ",
                "LAD25CD": "E08990019" if code in WARDS else "E08990022",
                "LAD25NM": "Anytown" if code in WARDS else "Elsewhere",
                "RGNCD": "E12000003",
            },
            "geometry": {"type": "Polygon", "coordinates": square},
        }
        for code, name in wards.items()
    ]
    outlines = {"type": "FeatureCollection", "crs": {}, "features": features}
    (home / "wards.geojson").write_text(json.dumps(outlines), encoding="utf-8")
    imd = "Index of Multiple Deprivation (IMD) "
    write_csv(
        home / "File_7.csv",
        (
            "LSOA code (2021)",
            "LSOA name (2021)",
            "Local Authority District code (2024)",
            "Local Authority District name (2024)",
            imd + "Score",
            imd + "Rank (where 1 is most deprived)",
            imd + "Decile (where 1 is most deprived 10% of LSOAs)",
            "Total population: mid 2022",
        ),
        ("E01990001", "Anytown 001A", "E08990011", "Anytown", 60.1, 12, 1, "1,500"),
        ("E01990002", "Anytown 002A", "E08990011", "Anytown", 20.0, 9000, 4, "1,600"),
        ("E01990003", "Anytown 003A", "E08990011", "Anytown", 5.0, 30000, 9, "1,700"),
        ("E01990009", "Elsewhere 001A", "E08990022", "Elsewhere", 5.0, 30000, 9, "1,800"),
    )
    write_csv(
        home / "postcodes.csv",
        ("pcd7", "pcds", "doterm", "lad25cd", "wd25cd", "rgn25cd", "lsoa21cd"),
        ("AT1 1AA", "AT1 1AA", "", "E08990019", "E05990101", "E12000003", "E01990001"),
        ("AT1 2AA", "AT1 2AA", "202001", "E08990019", "E05990103", "E12000003", "E01990003"),
        ("EL1 1AA", "EL1 1AA", "", "E08990022", "E05990201", "E12000003", "E01990009"),
    )
    write_csv(
        home / "spend.csv",
        ("Anytown Council: payments over £500", "", "", ""),
        ("Payment Date", "Amount", "Beneficiary Name", "Directorate"),
        ("12/04/2024", "£1,500.00", "Mill Joinery Ltd", "Housing"),
        ("30/09/2024", "2500.00", "Castle Cleaning", "Estates"),
        ("31/03/2025", "6000.00", "Far Away plc", "ICT"),
        ("28/02/2025", "-100.00", "Mill Joinery Ltd", "Housing"),
    )
