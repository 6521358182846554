"""Settings that are the same in every process of a run, on every machine.

A process imports what is installed with its Python, and this package: a file in the folder where
somebody works, or receives data, may be called like a library.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib.machinery import PathFinder
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
    # Python puts neither the working directory nor a user's own packages on a child's path.
    "PYTHONSAFEPATH": "1",
    "PYTHONNOUSERSITE": "1",
}
NOT_PASSED_ON = ("PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV")
"""What would have a child import from somewhere else; IPython follows VIRTUAL_ENV."""


def settle() -> None:
    """Set the environment of this process and of those that it starts."""
    # Python collects garbage every 700 objects, which takes a tenth of a publication's time.
    gc.set_threshold(50_000, 20, 50)
    os.environ.update(SAME_EVERYWHERE)
    for name in NOT_PASSED_ON:
        os.environ.pop(name, None)
    if not _is_installed():
        os.environ["PYTHONPATH"] = ROOT


def isolate() -> None:
    """Let this process import what is installed with its Python, then this package, no more."""
    sys.path[:] = [*_own_path(), ROOT]


def _own_path() -> list[str]:
    """The folders that Python was installed with, and those of its packages."""
    return [path for path in sys.path if path.startswith((sys.prefix, sys.base_prefix))]


def _is_installed() -> bool:
    """Whether a child finds this package by itself, and not another copy of it."""
    for finder in sys.meta_path:
        spec = finder.find_spec("sv_lib", _own_path() if finder is PathFinder else None)
        if spec and spec.origin:
            return Path(spec.origin).is_relative_to(ROOT)
    return False


def give_back() -> None:
    """Hand the free memory of pyarrow back. After a million payments it is more than is in use."""
    import pyarrow as pa  # after ``settle``, which chooses its memory pool

    pa.default_memory_pool().release_unused()
