"""The calculation of one publication: done once; every page opens its result."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sv_lib.figures.protection.protect import half_of, protect, untold
from sv_lib.figures.saved import PHOTOS, Calculation
from sv_lib.figures.topics.bridges import add_bridges
from sv_lib.figures.topics.deprivation import add_deprivation
from sv_lib.figures.topics.engagement import add_engagement
from sv_lib.figures.topics.firms import add_firms
from sv_lib.figures.topics.outlook import add_outlook
from sv_lib.figures.topics.people import add_people
from sv_lib.figures.topics.places import add_places
from sv_lib.figures.topics.promises import add_promises
from sv_lib.figures.topics.rules import add_rules
from sv_lib.figures.topics.sensitivity import add_sensitivity
from sv_lib.figures.topics.spend import add_spend
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.intake.findings import as_frame
from sv_lib.intake.pipeline import Inputs, read_inputs
from sv_lib.params import Publication
from sv_lib.toms import checks, overlaps
from sv_lib.toms.measures import catalogue

CLAIM_COLUMNS = [
    "claim_id",
    "contract_id",
    "commitment_id",
    "measure_ref",
    "title",
    "theme",
    "period_start",
    "period_end",
    "quantity",
    "unit",
    "proxy",
    "edition",
    "attribution",
    "attribution_reason",
    "state",
    "pricing",
    "value_pence",
    "is_blocked",
    "shares_with",
    "working",
    "source_file",
    "source_row",
]


COMMITMENT_COLUMNS = [
    "commitment_id",
    "contract_id",
    "measure_ref",
    "title",
    "theme",
    "stage",
    "quantity",
    "unit",
    "proxy",
    "edition",
    "attribution",
    "pricing",
    "value_pence",
    "due_quantity",
    "due_value_pence",
    "due_method",
    "working",
    "source_file",
    "source_row",
]

TOLD = ("stories", "actions", "priorities", "scrutiny", "published_history")
"""Inputs that no figure is made from."""


def gather(publication: Publication) -> Inputs:
    """The inputs of a publication, with what the method finds in them beside what intake found;
    nothing is refused.
    """
    inputs = read_inputs(publication)
    found = checks.findings(
        inputs.frames, catalogue(), publication.council, publication.file.data_as_at
    )
    return replace(inputs, findings=(*inputs.findings, *found))


def calculate(publication: Publication, inputs: Inputs) -> Calculation:
    """Every figure and table of a publication, from its inputs alone; small numbers hidden unless
    it
    is exempt.
    """
    return tell(numbers(publication, inputs), publication, inputs)


def numbers(publication: Publication, inputs: Inputs) -> Calculation:
    """The figures, and the tables that come with them: all that takes time. No word that is only
    told
    is looked at.
    """
    counted = replace(
        inputs,
        findings=(),
        controls=inputs.controls.iloc[:0],
        corrections=inputs.corrections.iloc[:0],
        files=(),
        photos={},
        supplied=inputs.supplied - {*TOLD},
        frames={
            name: frame.iloc[:0] if name in TOLD else frame for name, frame in inputs.frames.items()
        },
    )
    workings = Workings(publication, counted)
    if publication.file.profile == "exempt":
        return _whole(workings)
    half = half_of(publication)
    return protect(
        _whole(workings), workings, _whole(Workings(half, counted)).trail if half else None
    )


def tell(made: Calculation, publication: Publication, inputs: Inputs) -> Calculation:
    """The ``numbers`` of a publication with what is told beside them: stories, actions, the record
    for
    auditors.
    """
    workings = Workings(publication, inputs)
    tables = _carried(workings) | _records(workings)
    return (
        untold(made, tables, workings)
        if made.secrets
        else replace(made, tables={**made.tables, **tables})
    )


def _whole(workings: Workings) -> Calculation:
    """Every figure and table, nothing hidden."""
    trail = Trail(workings.people)
    tables = add_spend(trail, workings)
    tables |= add_promises(trail, workings)
    add_sensitivity(trail, workings)
    add_people(trail, workings)
    tables |= add_places(trail, workings)
    add_deprivation(trail, workings)
    tables |= add_bridges(trail, workings)
    add_firms(trail, workings)
    tables |= add_rules(trail, workings)
    tables |= add_engagement(trail, workings)
    tables |= add_outlook(trail, workings)
    return Calculation(trail, tables | _claims(workings))


def _carried(w: Workings) -> dict[str, pd.DataFrame]:
    """Tables that pages show as the council gave them, cut to what was known on the data-as-at
    day.
    """
    day = pd.Timestamp(w.publication.file.data_as_at)
    stories = w.frame("stories")
    stories = stories[(stories["on"] <= day) & (stories["consent_on"] <= day)]
    photos = stories.loc[stories["photo_consent_on"] <= day, ["story_id"]]
    held = w.frame("contract_places")
    return {
        "contract_titles": w.contracts[["contract_id", "title"]],
        "proxies": w.frame("proxies"),
        "stories": stories,
        PHOTOS: photos.assign(image=photos["story_id"].map(w.inputs.photos).astype("str")),
        "actions": w.frame("actions"),
        "priorities": w.frame("priorities"),
        "scrutiny": w.frame("scrutiny"),
        "published_history": w.frame("published_history"),
        "contract_places": held[held["contract_id"].isin(w.contracts["contract_id"])],
    }


def _claims(w: Workings) -> dict[str, pd.DataFrame]:
    """The record of what was claimed and promised, with its working, and of what may be counted
    twice.
    """
    return {
        "claims": w.known[CLAIM_COLUMNS],
        "commitments": w.due(w.publication.sv)[COMMITMENT_COLUMNS],
        "overlaps": overlaps.pairs(w.counted, w.measures),
    }


def _records(w: Workings) -> dict[str, pd.DataFrame]:
    """The record of what was read: findings, control totals, corrections, files."""
    files = pd.DataFrame(
        [vars(file) for file in w.inputs.files], columns=["table", "name", "sha256", "rows"]
    )
    return {
        "findings": as_frame(w.inputs.findings),
        "control_totals": w.inputs.controls,
        "corrections": w.inputs.corrections,
        "files": files,
    }
