"""Synthetic LSOAs and postcodes over the real wards, counted as the real ones are.

Ward codes, residents and the number of LSOAs in England's most deprived 10% and 20% are facts,
read from ``ward_deprivation.csv``. The LSOAs and postcodes themselves exist nowhere: the UK has
no postcode areas XR, XS, XY, XE.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from scripts.demo.draw import Draw
from scripts.demo.files import Row
from sv_lib.params import Council
from sv_lib.strict_yaml import read_yaml

BOSTON_CASTLE, MALTBY_EAST = "E05012996", "E05013006"
YORKSHIRE = "E12000003"
INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"

OUTSIDE = {
    "XS": ("south-yorkshire", 300, ("E08000038", "E08000017", "E08000039"), (YORKSHIRE,)),
    "XY": (
        "yorkshire-and-the-humber",
        240,
        ("E08000035", "E08000036", "E08000034", "E06000010"),
        (YORKSHIRE,),
    ),
    "XE": (
        "elsewhere",
        260,
        ("E07000034", "E07000171", "E06000018", "E08000003", "E08000025", "E09000033"),
        ("E12000004", "E12000004", "E12000004", "E12000002", "E12000005", "E12000007"),
    ),
}
"""Postcode area -> tier, number of postcodes, and the districts and regions they are said to lie
in.
"""


@dataclass(frozen=True)
class DemoWard:
    """A real ward: the facts that the synthetic tables must add up to."""

    code: str
    name: str
    residents: int
    lsoas: int
    in_10pct: int
    in_20pct: int
    score: Decimal


@dataclass(frozen=True)
class Lsoa:
    """A synthetic LSOA."""

    code: str
    ward: str
    decile: int
    residents: int


@dataclass
class Places:
    """Everything about place that the other parts draw from."""

    wards: list[DemoWard]
    lsoas: list[Lsoa]
    postcodes: list[Row] = field(default_factory=list)
    by_tier: dict[str, list[str]] = field(default_factory=dict)
    """Ward code or tier -> postcodes in it."""


def read_wards(params: Path) -> list[DemoWard]:
    """Read the facts of each ward from ``council.yaml`` and ``inputs/ward_deprivation.csv``."""
    council = Council.model_validate(read_yaml(params / "council.yaml"))
    with (params / "inputs" / "ward_deprivation.csv").open(encoding="utf-8", newline="") as file:
        return [
            DemoWard(
                row["ward_code"],
                council.ward_name(row["ward_code"]),
                int(row["residents"]),
                int(row["lsoas"]),
                int(row["lsoas_most_deprived_10pct"]),
                int(row["lsoas_most_deprived_20pct"]),
                Decimal(row["imd_score"]),
            )
            for row in csv.DictReader(file)
        ]


def make_places(wards: list[DemoWard]) -> Places:
    """LSOAs and postcodes of the wards, and postcodes of everywhere else."""
    draw = Draw("places")
    places = Places(wards, [lsoa for ward in wards for lsoa in _lsoas(ward, draw)])
    for number, ward in enumerate(wards, start=1):
        _add_ward_postcodes(places, number, ward, draw)
    for area, (tier, count, districts, regions) in OUTSIDE.items():
        for index in range(count):
            postcode = _postcode(area, 1 + index // 60, index)
            lad_code, region_code = districts[index % len(districts)], regions[index % len(regions)]
            places.postcodes.append(
                {"postcode": postcode, "lad_code": lad_code, "region_code": region_code}
            )
            places.by_tier.setdefault(tier, []).append(postcode)
    return places


def _lsoas(ward: DemoWard, draw: Draw) -> list[Lsoa]:
    """Draw the LSOAs of a ward.

    As many as in reality are in decile 1 and in the first two; residents add up to the ward's.
    """
    # Beyond the counts, the less deprived the ward the higher the deciles: a score of 40 starts at
    # 3, of 12 at 8.
    ordinary = max(3, min(8, 10 - int(ward.score) // 6))
    deciles = [1] * ward.in_10pct + [2] * (ward.in_20pct - ward.in_10pct)
    deciles += [min(10, ordinary + index % 3) for index in range(ward.lsoas - len(deciles))]
    residents = draw.parts(ward.residents, ward.lsoas)
    return [
        Lsoa(f"SYN-{ward.code}-{number}", ward.code, decile, people)
        for number, (decile, people) in enumerate(zip(deciles, residents, strict=True), start=1)
    ]


def _add_ward_postcodes(places: Places, number: int, ward: DemoWard, draw: Draw) -> None:
    own = [lsoa.code for lsoa in places.lsoas if lsoa.ward == ward.code]
    others = [lsoa.code for lsoa in places.lsoas if lsoa.ward != ward.code]
    for index in range(48):
        postcode = _postcode("XR", number, index)
        # As in life, about one postcode in thirteen lies in an LSOA whose best-fit ward is another.
        lsoa = draw.one(others) if draw.chance(75) else draw.one(own)
        places.postcodes.append(
            {
                "postcode": postcode,
                "ward_code": ward.code,
                "lsoa_code": lsoa,
                "lad_code": "E08000018",
                "region_code": YORKSHIRE,
            }
        )
        places.by_tier.setdefault(ward.code, []).append(postcode)


def _postcode(area: str, district: int, index: int) -> str:
    first, second = divmod(index * 7 % 400, 20)
    return f"{area}{district} {1 + index % 9}{INWARD_LETTERS[first]}{INWARD_LETTERS[second]}"


def deprivation_rows(places: Places) -> list[Row]:
    """The deprivation table: one row a synthetic LSOA.

    Those of working age are drawn: about three in five, a few more where deprivation is high.
    """
    draw = Draw("working age")
    return [
        {
            "lsoa_code": lsoa.code,
            "ward_code": lsoa.ward,
            "imd_decile": lsoa.decile,
            "residents": lsoa.residents,
            "residents_working_age": lsoa.residents
            * draw.whole(632 - 6 * lsoa.decile, 652)
            // 1000,
        }
        for lsoa in places.lsoas
    ]
