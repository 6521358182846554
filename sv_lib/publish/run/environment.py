"""What every process of a run has in common, whatever a machine's or a person's own settings
are.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import cast

ROOT = str(Path(__file__).parents[3])

sys.modules.setdefault("rfc3987_syntax", cast(ModuleType, None))
"""Not to be loaded: nbformat's checks of notebooks never use it, and its grammar takes longer than
all
the rest.
"""


def settle() -> None:
    """Set it for this process and those that it starts; kernels find the package wherever the run
    was
    started.
    """
    gc.set_threshold(
        50_000, 20, 50
    )  # looking for rubbish every 700 objects takes a fifth of a long report's time
    others = [
        path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != ROOT
    ]
    os.environ.update(
        PYTHONPATH=os.pathsep.join([ROOT, *others]),
        PYTHONHASHSEED="0",
        MPLBACKEND="agg",
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        JUPYTER_PREFER_ENV_PATH="1",
        ARROW_DEFAULT_MEMORY_POOL="system",  # the one of which ``give_back`` leaves nothing
    )


def give_back(*, rubbish: bool = False) -> None:
    """Hand memory that is free again back to the system: after reading a million payments, more
    than
    is in use.

    ``rubbish``: look first for what nobody can reach any more, which takes a tenth of a second.
    """
    import pyarrow as pa  # ``settle`` comes before it

    if rubbish:
        gc.collect()
    pa.default_memory_pool().release_unused()
