"""A fingerprint of every input row in use, so that two runs can be compared without their inputs.

They are a part of the working papers, because somebody could try all values that a cell may have
and see which has the fingerprint. Columns about people are left out all the same: there are few
values to try.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sv_lib.intake.pipeline import Inputs

NAME = "input_rows.parquet"
SOURCE = ["source_file", "source_row"]
ABOUT_PEOPLE = [
    "supplier_name",
    "is_sole_trader",
    "is_minority_ethnic_led",
    "headcount",
    "people_started",
    "people_in_post",
    "activity_key",
    "home_lsoa_code",
]


def write(inputs: Inputs, folder: Path) -> None:
    """Write ``source_file, source_row, fingerprint`` of the used rows, table after table."""
    used = sorted(inputs.frames.keys() - {"beneficiaries"})
    rows = pd.concat([_fingerprints(inputs.frames[table]) for table in used], ignore_index=True)
    files = pa.array(rows["source_file"].astype(str)).dictionary_encode()
    numbers = pa.array(rows["source_row"].astype("int64"))
    fingerprints = pa.array(rows["fingerprint"].astype("uint64"))
    columns = [files, numbers, fingerprints]
    table = pa.table(columns, names=[*SOURCE, "fingerprint"])
    pq.write_table(table, folder / NAME, compression="zstd")


def _fingerprints(frame: pd.DataFrame) -> pd.DataFrame:
    facts = frame.drop(columns=[*SOURCE, *ABOUT_PEOPLE], errors="ignore")
    texts = facts.astype("string").fillna("").astype("object")
    hashes = pd.util.hash_pandas_object(texts, index=False)
    return frame[SOURCE].assign(fingerprint=hashes.to_numpy())
