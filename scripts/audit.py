"""Ask the package index, through pip-audit, whether a weakness is known of any locked package.

python -m scripts.audit

Exit 0: all were asked about and none has one. 1: some have. 2: the index could not be asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
CLEAN, WEAK, NOT_ASKED = 0, 1, 2
LONGEST = 600


def ask() -> tuple[int, str]:
    """Return the exit code, and what came of it in one sentence.

    A package that nothing could be learned of is not clean.
    """
    command = [
        sys.executable,
        "-m",
        "uv",
        "tool",
        "run",
        "pip-audit",
        "--disable-pip",
        "--require-hashes",
        "--progress-spinner=off",
        "--format=json",
        f"--requirement={LOCK}",
    ]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LONGEST
        )
        packages = json.loads(done.stdout)["dependencies"]
    except (OSError, ValueError, subprocess.TimeoutExpired) as fault:
        return NOT_ASKED, f"could not be asked here ({type(fault).__name__})"
    weak = {
        one["name"]: [fault["id"] for fault in one["vulns"]] for one in packages if one.get("vulns")
    }
    if weak:
        return WEAK, "; ".join(f"{name}: {', '.join(ids)}" for name, ids in weak.items())
    known = [one["name"] for one in packages if "skip_reason" not in one]
    if not known or len(known) < len(packages):
        return (
            NOT_ASKED,
            f"could not be asked here: the index tells of {len(known)} of {len(packages)} packages",
        )
    return CLEAN, f"none of {len(packages)} packages has one"


if __name__ == "__main__":
    CODE, SAID = ask()
    print(f"Known weaknesses: {SAID}.")
    sys.exit(CODE)
