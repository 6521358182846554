"""The whole publication of a council of two wards, drawn in golden/SMALL_COUNCIL.md: calculated in
a second.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
from frames import council, frame
from made_once import calculate

from sv_lib.figures.saved import Calculation
from sv_lib.intake.control_totals import InputFile
from sv_lib.intake.pipeline import Inputs
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.params import Publication, PublicationFile

PAGE = (Path(__file__).parent / "golden" / "SMALL_COUNCIL.md").read_text(encoding="utf-8")
DRAWINGS: dict[str, str] = dict(re.findall(r"^```(\w+)\n(.*?)^```", PAGE, flags=re.M | re.S))
BOUGHT = """\
contract_id | period_start | period_end | unit | quantity
C5 | 2021-01-01 | 2021-03-31 | days | 65
C5 | 2021-10-01 | 2022-03-31 | days | 50
"""
"""Quantities of one contract, which the small council itself does not tell."""


def publication(profile: str = "exempt", kind: str = "mid-year", **settings: object) -> Publication:
    """Half a year of spend and of social value (a year in an annual report), each against the one a
    year before.
    """
    last, day = ("11-30", "2022-12-31") if kind == "annual" else ("05-31", "2022-06-30")
    written = PublicationFile.model_validate(
        {
            "publication": "small",
            "kind": kind,
            "title": "Small",
            "status": "draft",
            "profile": profile,
            "data_as_at": day,
            "reports": [kind],
            "inputs": dict.fromkeys(DRAWINGS, "drawn"),
            "social_value": {
                "this": {"start": "2021-12-01", "end": f"2022-{last}"},
                "before": {"start": "2020-12-01", "end": f"2021-{last}"},
            },
            "spend": {
                "this": {"start": "2021-10-01", "end": "2022-03-31"},
                "before": {"start": "2020-10-01", "end": "2021-03-31"},
            },
        }
    )
    measures = ["NT1", "NT3", "NT8", "NT10", "NT12", "NT18", "NT29", "NT31", "NT39"]
    chosen = {
        "name": "Small set",
        "is_illustrative": True,
        "valid_from": "2019-12-01",
        "measures": measures,
    }
    return Publication(
        council=council(**{"measure_set": chosen, **settings}),
        file=written,
        path=Path("drawn.yaml"),
    )


def inputs(**changes: str | None) -> Inputs:
    """The drawings as intake would hand them on; a table of ``changes`` is drawn anew, or not
    supplied when None.
    """
    drawings = {name: text for name, text in {**DRAWINGS, **changes}.items() if text is not None}
    frames = {name: frame(name, drawings.get(name, "")) for name in TABLES}
    files = tuple(
        InputFile(name, f"inputs/{name}.csv", "0" * 64, len(frames[name])) for name in drawings
    )
    made = pd.DataFrame(
        columns=["table", "key", "column", "expected", "value", "why", "who", "on", "file", "row"]
    )
    return Inputs(
        frames, frozenset(drawings), (), pd.DataFrame({"file": sorted(drawings)}), files, made
    )


def calculated(profile: str = "exempt", **changes: str | None) -> Calculation:
    """The whole calculation of the small council."""
    return calculate(publication(profile), inputs(**changes))
