"""Settings that are the same in every process of a run, on every machine."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import cast

ROOT = str(Path(__file__).parents[3])

# Keeps a module from being loaded: nbformat's checks of notebooks never use this grammar of web
# addresses, which takes longer to load than all the rest.
sys.modules.setdefault("rfc3987_syntax", cast(ModuleType, None))

SAME_EVERYWHERE = {
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "JUPYTER_PREFER_ENV_PATH": "1",
    # pyarrow's other memory pools keep what they no longer use, in spite of ``give_back``.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


def settle() -> None:
    """Set the environment of this process and of those that it starts."""
    # Python collects garbage every 700 objects, which takes a tenth of a publication's time.
    gc.set_threshold(50_000, 20, 50)
    os.environ.update(SAME_EVERYWHERE)
    # A kernel finds the package wherever the run was started.
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    others = [path for path in paths if path not in ("", ROOT)]
    os.environ["PYTHONPATH"] = os.pathsep.join([ROOT, *others])


def give_back() -> None:
    """Hand the free memory of pyarrow back. After a million payments it is more than is in use."""
    import pyarrow as pa  # after ``settle``, which chooses its memory pool

    pa.default_memory_pool().release_unused()
