"""The calculation of one publication. It is made once, and every page opens its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from sv_lib.figures import named_ids
from sv_lib.figures.dated import left_out, up_to
from sv_lib.figures.own_figures import add_own_figures
from sv_lib.figures.protection.contacts import without_contacts
from sv_lib.figures.protection.narrative import suppress
from sv_lib.figures.protection.protect import may_trade_alone, protect
from sv_lib.figures.protection.published import Published
from sv_lib.figures.saved import PHOTOS, POSTCODES, Calculation
from sv_lib.figures.topic import having
from sv_lib.figures.topics.bridges import add_bridges
from sv_lib.figures.topics.deprivation import add_deprivation
from sv_lib.figures.topics.engagement import add_engagement
from sv_lib.figures.topics.firms import add_firms
from sv_lib.figures.topics.forecast import add_forecast
from sv_lib.figures.topics.outlook import add_outlook
from sv_lib.figures.topics.people import add_people
from sv_lib.figures.topics.places import add_places
from sv_lib.figures.topics.projects import add_projects
from sv_lib.figures.topics.promises import add_promises
from sv_lib.figures.topics.quarters import add_quarters
from sv_lib.figures.topics.revisions import add_revisions
from sv_lib.figures.topics.rules import add_rules
from sv_lib.figures.topics.sensitivity import add_sensitivity
from sv_lib.figures.topics.spend import add_spend
from sv_lib.figures.topics.spend_over_time import add_spend_over_time
from sv_lib.figures.topics.tracker import add_tracker
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import COLUMNS, Workings
from sv_lib.intake.findings import as_frame
from sv_lib.intake.pipeline import Inputs, read_inputs
from sv_lib.intake.returns.form import in_form_words
from sv_lib.params import Publication
from sv_lib.toms import checks, doubts, overlaps
from sv_lib.toms.measures import measures_of

NARRATIVE_INPUTS = ("stories", "actions", "priorities", "scrutiny", "published_history")
"""Input tables that are printed as the council gave them. No figure is made from them."""
PYTHON_TEXT = pd.option_context("mode.string_storage", "python")
"""Text as Python holds it. The calculation is many thousand small steps on small tables, each of
which costs Arrow several times as much; of long tables it is faster and takes less memory.
"""
MANY_ROWS = 500_000
"""The rows of an input table beyond which its text stays as Arrow holds it."""
LIST_FOR_EACH = 10
"""Postcodes that a published list holds, at least, for each where somebody may trade alone."""


def gather(publication: Publication) -> Inputs:
    """Read the inputs of a publication and add what the method finds in them to the findings.

    Nothing is refused here; see ``sv_lib.intake.pipeline.require``.
    """
    inputs = read_inputs(publication)
    data_as_at = publication.file.data_as_at
    measures = measures_of(publication)
    found = checks.findings(inputs.frames, measures, publication.council, data_as_at)
    found += doubts.findings(inputs.frames, measures)
    found += left_out(inputs.frames, data_as_at)
    in_words = in_form_words(found, inputs.forms)
    return inputs.with_findings(in_words)


@PYTHON_TEXT
def calculate(
    publication: Publication, inputs: Inputs, known: Sequence[Published] = ()
) -> Calculation:
    """Every figure and table of a publication. Small numbers are hidden unless it is exempt.

    ``known``: what earlier publications told their readers. One that the parameters name and that
    is not among them is decided anew, from these inputs.
    """
    inputs = _with_python_text(inputs)
    if publication.file.profile == "public":
        inputs = without_contacts(inputs)
    # Narrative inputs are blanked first, so no figure can depend on them.
    made = _figures(publication, _without_narrative(inputs), known)
    return add_narrative(made, publication, inputs)


def figure_ids(publication: Publication, inputs: Inputs) -> list[str]:
    """The ids of every figure of a publication. Nothing is protected, as no value is told."""
    blanked = _without_narrative(inputs)
    return [figure.id for figure in _whole(Workings(publication, blanked)).trail]


def _without_narrative(inputs: Inputs) -> Inputs:
    """The inputs with everything blanked that only goes beside the figures."""
    blank = {name: inputs.frames[name].iloc[:0] for name in NARRATIVE_INPUTS}
    return replace(
        inputs,
        frames={**inputs.frames, **blank},
        supplied=inputs.supplied.difference(NARRATIVE_INPUTS),
        findings=(),
        controls=inputs.controls.iloc[:0],
        corrections=inputs.corrections.iloc[:0],
        files=(),
        photos={},
    )


def _with_python_text(inputs: Inputs) -> Inputs:
    """The inputs with the text of all but very long tables held as Python's own."""
    frames = {
        name: frame if len(frame) > MANY_ROWS else _as_python_text(frame)
        for name, frame in inputs.frames.items()
    }
    return replace(inputs, frames=frames)


def _as_python_text(frame: pd.DataFrame) -> pd.DataFrame:
    """A table with its text, and the names of its columns, held as ``PYTHON_TEXT`` has it now."""
    texts: list[str] = list(frame.select_dtypes("str"))
    names = frame.columns.astype("str")
    return frame.astype(dict.fromkeys(texts, "str")).set_axis(names, axis="columns")


def _figures(publication: Publication, inputs: Inputs, known: Sequence[Published]) -> Calculation:
    """The figures and the tables that come with them; protected unless the run is exempt."""
    workings = Workings(publication, inputs)
    whole = _whole(workings)
    if publication.file.profile == "exempt":
        return whole
    return protect(whole, workings, _known_to_readers(workings, known))


def _known_to_readers(workings: Workings, known: Sequence[Published]) -> list[Published]:
    """What readers have already of the publications before this one, the first one first."""
    told = {one.name: one for one in known}
    for earlier in workings.publication.earlier:
        if earlier.id not in told:
            day = earlier.file.data_as_at
            before = [one for one in told.values() if one.day < day]
            # The same inputs, so what one of the two has valued the other need not.
            then = replace(workings, publication=earlier)
            made = protect(_whole(then), then, before)
            told[earlier.id] = replace(published(made, earlier), is_decided_anew=True)
    return sorted(told.values(), key=lambda one: (one.day, one.name))


def published(made: Calculation, publication: Publication) -> Published:
    """What a public calculation tells its readers, for the publications after it."""
    if made.secrets is None:
        raise ValueError(f"{publication.id} is not public: it hides nothing")
    day = publication.file.data_as_at
    behind = made.whole.trail.people_behind().table
    return Published.of(publication.id, day, behind, made.trail)


def add_narrative(made: Calculation, publication: Publication, inputs: Inputs) -> Calculation:
    """Add the tables that go beside the figures: stories, actions, the record for auditors.

    Raises ParameterError for a watch list that names no figure at all.
    """
    ids = [figure.id for figure in made.trail]
    found = named_ids.without_figure(publication.council, inputs, ids)
    inputs = inputs.with_findings(found)
    workings = Workings(publication, inputs)
    tables = _carried(workings) | _records(workings)
    secrets = made.secrets
    if secrets is None:
        return replace(made, tables={**made.tables, **tables})
    whole = replace(secrets.whole, tables={**secrets.whole.tables, **tables})
    tables = suppress(tables, secrets, workings)
    return replace(made, tables={**made.tables, **tables}, secrets=replace(secrets, whole=whole))


def _whole(workings: Workings) -> Calculation:
    """Every figure and its tables, with nothing hidden."""
    trail = Trail(workings.people)
    tables = add_spend(trail, workings)
    tables |= add_spend_over_time(trail, workings)
    tables |= add_promises(trail, workings)
    add_sensitivity(trail, workings)
    add_people(trail, workings)
    tables |= add_revisions(trail, workings)
    tables |= add_places(trail, workings)
    add_deprivation(trail, workings)
    tables |= add_bridges(trail, workings)
    add_firms(trail, workings)
    tables |= add_rules(trail, workings)
    tables |= add_engagement(trail, workings)
    tables |= add_forecast(trail, workings)
    tables |= add_outlook(trail, workings)
    tables |= add_quarters(trail, workings)
    tables |= add_tracker(trail, workings)
    tables |= add_projects(trail, workings)
    tables |= add_own_figures(trail, workings)
    tables |= _claims(workings)
    return Calculation(trail, tables)


def _carried(workings: Workings) -> dict[str, pd.DataFrame]:
    """Tables that pages show as the council gave them, cut to what was known on data_as_at."""
    day = workings.publication.file.data_as_at
    stories = up_to(workings.frame("stories"), "stories", day)
    # A photograph has a consent of its own: the words may be told before the picture is.
    may_be_shown = stories["photo_consent_on"] <= workings.day
    photos = stories.loc[may_be_shown, ["story_id"]]
    images = photos["story_id"].map(workings.inputs.photos).astype("str")
    contracts = workings.contracts
    awarded = having(workings.frame("contract_places"), "contract_id", *contracts["contract_id"])
    dated = ("actions", "priorities", "scrutiny", "published_history")
    tables = {name: up_to(workings.frame(name), name, day) for name in dated}
    return tables | {
        POSTCODES: _postcodes(workings),
        "proxies": workings.frame("proxies"),
        "contract_titles": contracts[["contract_id", "title"]],
        "stories": stories.drop(columns="photo"),
        PHOTOS: photos.assign(image=images),
        "contract_places": awarded,
    }


def _postcodes(workings: Workings) -> pd.DataFrame:
    """The list by which a ward is found; nothing where it tells who trades at home.

    A list of every postcode of a council tells nothing of anybody, one of its suppliers' does.
    """
    listed = having(workings.frame("postcodes"), "ward_code", *workings.wards)
    listed = listed[["postcode", "ward_code"]]
    homes = may_trade_alone(workings.frame("suppliers"))["postcode"]
    of_people = listed["postcode"].isin(homes)
    return listed if LIST_FOR_EACH * of_people.sum() <= len(listed) else listed[:0]


def _claims(workings: Workings) -> dict[str, pd.DataFrame]:
    """What was claimed and promised, with its working, and what may be counted twice."""
    promised = workings.due(workings.publication.sv)
    return {
        "claims": workings.known[COLUMNS["claims"]],
        "commitments": promised[COLUMNS["commitments"]],
        "overlaps": overlaps.pairs(workings.counted, workings.measures),
    }


def _records(workings: Workings) -> dict[str, pd.DataFrame]:
    """The record of what was read: findings, control totals, corrections, files."""
    inputs = workings.inputs
    files = [vars(file) for file in inputs.files]
    return {
        "findings": as_frame(inputs.findings),
        "control_totals": inputs.controls,
        "corrections": inputs.corrections,
        "files": pd.DataFrame(files, columns=COLUMNS["files"]),
    }
