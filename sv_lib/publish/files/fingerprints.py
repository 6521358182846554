"""A fingerprint of every input row in use, so that two runs can be compared without their inputs.

Columns about people are left out: where few values are possible, somebody could try them all and
see which has the fingerprint.
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
SOURCE = ["source_file", "source_row"]
ABOUT_PEOPLE = [
    "supplier_name",
    "is_sole_trader",
    "is_minority_ethnic_led",
    "headcount",
    "activity_key",
    "home_lsoa_code",
]


def write(inputs: Inputs, folder: Path, *, is_public: bool) -> None:
    """Write ``source_file, source_row, fingerprint`` of the used rows, table after table.

    A public run leaves out the returns: what one person did has few possible values too.
    """
    left_out = ["beneficiaries"]
    if is_public:
        left_out.append("returns")
    frames = [frame for table, frame in sorted(inputs.frames.items()) if table not in left_out]
    rows = pd.concat(map(_fingerprints, frames), ignore_index=True)
    columns = {
        "source_file": pa.array(rows["source_file"].astype(str)).dictionary_encode(),
        "source_row": pa.array(rows["source_row"].astype("int64")),
        "fingerprint": pa.array(rows["fingerprint"].astype("uint64")),
    }
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), folder / NAME, compression="zstd")


def read(folder: Path, files: Collection[str]) -> pd.DataFrame:
    """The fingerprints of the rows of some input files."""
    is_asked = pc.field("source_file").isin(pa.array(list(files), pa.string()))
    frame: pd.DataFrame = pq.read_table(folder / NAME, filters=is_asked).to_pandas()
    return frame.astype({"source_file": "str"})


def _fingerprints(frame: pd.DataFrame) -> pd.DataFrame:
    told = frame.drop(columns=[*SOURCE, *ABOUT_PEOPLE], errors="ignore")
    texts = told.astype("string").fillna("").astype("object")
    hashes = pd.util.hash_pandas_object(texts, index=False)
    return frame[SOURCE].assign(fingerprint=hashes.to_numpy())
