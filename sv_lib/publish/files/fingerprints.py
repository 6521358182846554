"""A fingerprint of every input row in use, so that two runs can be compared row by row without
their
inputs.

Nothing about people is in it: a fingerprint of few possible values could be found by trying them
all.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sv_lib.intake.pipeline import Inputs

NAME = "input_rows.parquet"
ABOUT_PEOPLE = (
    "supplier_name",
    "is_sole_trader",
    "is_minority_ethnic_led",
    "headcount",
    "activity_key",
    "home_lsoa_code",
)
WHOLLY_ABOUT_PEOPLE = ("beneficiaries",)


def write(inputs: Inputs, folder: Path, *, is_public: bool) -> None:
    """Write ``source_file, source_row, fingerprint`` of the used rows of every table, in the order
    of
    the tables.

    Those of the returns are left out of a public run: what one person did has few possible values
    too.
    """
    left_out = (*WHOLLY_ABOUT_PEOPLE, *(["returns"] if is_public else []))
    frames = [frame for table, frame in sorted(inputs.frames.items()) if table not in left_out]
    rows = pd.concat(
        [_of(frame) for frame in frames if not frame.empty] or [_of(frames[0])], ignore_index=True
    )
    files = pa.array(rows["source_file"].astype(str)).dictionary_encode()
    columns = [files, pa.array(rows["source_row"]), pa.array(rows["fingerprint"])]
    folder.mkdir(parents=True, exist_ok=True)
    table = pa.table(columns, names=["source_file", "source_row", "fingerprint"])
    pq.write_table(table, folder / NAME, compression="zstd")


def read(folder: Path, files: Collection[str]) -> pd.DataFrame:
    """The fingerprints of the rows of some input files."""
    asked = pc.field("source_file").isin(pa.array(list(files), pa.string()))
    frame: pd.DataFrame = pq.read_table(folder / NAME, filters=asked).to_pandas()
    return frame.astype({"source_file": "str"})


def _of(frame: pd.DataFrame) -> pd.DataFrame:
    texts = frame.drop(columns=["source_file", "source_row", *ABOUT_PEOPLE], errors="ignore")
    texts = texts.astype("string").fillna("").astype("object")
    prints = pd.util.hash_pandas_object(texts, index=False)
    return frame[["source_file", "source_row"]].assign(fingerprint=prints.to_numpy())
