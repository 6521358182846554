"""The working papers of a run: what an auditor needs and a reader may not have.

They lie in a closed folder beside the run folder: figures and claims with nothing hidden, the input
rows behind every figure, fingerprints of the input rows, the evidence sample, what was hidden and
why. ``trace``, ``compare`` and ``verify`` read them there.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sv_lib.analysis import evidence
from sv_lib.figures.protection import published
from sv_lib.figures.protection.narrative import given_away
from sv_lib.figures.saved import Calculation
from sv_lib.intake.pipeline import Inputs
from sv_lib.present.formats import display
from sv_lib.publish.files import fingerprints
from sv_lib.publish.files.data_tables import figures_frame, write_csv

TABLES = ("claims", "corrections", "findings", "overlaps")
"""Tables that the papers hold whole; the public ones lack rows or cells about people."""
HIDDEN = "hidden"
"""The table of what was hidden."""
HIDDEN_COLUMNS = ["figure_id", "value", "unit", "printed", "why"]
FEW = "few people stand behind it"
OF_HIDDEN = "it is worked out from what is hidden"
BESIDE = "it would give away what is hidden elsewhere"


def write(folder: Path, public: Calculation, inputs: Inputs, sample: pd.DataFrame) -> None:
    """Write the working papers of a calculation; all but their manifest.

    ``sample``: the claims whose evidence an auditor asks for.
    """
    whole = public.whole
    tables = {name: whole.tables[name] for name in TABLES if name in whole.tables}
    tables |= {"figures": figures_frame(whole.trail), evidence.NAME: sample, HIDDEN: hidden(public)}
    if public.secrets and public.secrets.leaks:
        tables["given_away"] = given_away(public.secrets)
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv")
    whole.save_trail(folder)
    published.save(whole.trail.people_behind().table, folder)
    fingerprints.write(inputs, folder)


def hidden(public: Calculation) -> pd.DataFrame:
    """What the public figures do not say, with its true value; empty where nothing is hidden."""
    few = _on_few_people(public)
    rows = []
    for figure in public.whole.trail:
        told = public.trail[figure.id]
        if told.value == figure.value:
            continue
        why = told.caution
        if told.kind == "hidden":
            why = FEW if figure.id in few else OF_HIDDEN if figure.parts else BESIDE
        rows.append((figure.id, figure.exact, figure.unit, display(told), why))
    return pd.DataFrame(rows, columns=HIDDEN_COLUMNS)


def _on_few_people(public: Calculation) -> set[str]:
    """Ids of the figures that stand on few people themselves."""
    if public.secrets is None:
        return set()
    cells = public.secrets.cells
    numbers = np.flatnonzero(cells.is_small).tolist()
    few = {
        figure_id
        for number in numbers
        if not public.secrets.printed[number].is_exact
        for figure_id in cells.names[number]
    }
    # Groups are of claims; what is hidden on no claim was paid to few people who trade alone.
    whole = public.whole.trail
    return few | {
        figure.id for figure in whole if not figure.parts and not whole.people_measures(figure.id)
    }
