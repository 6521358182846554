"""What has changed since the last check of a publication: findings gone and new, and coverage.

What is kept is closed to others and holds no cell: codes of findings, and shares that are known.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sv_lib.errors import counted
from sv_lib.intake.findings import Finding
from sv_lib.intake.pipeline import Inputs
from sv_lib.params import Publication
from sv_lib.publish.check_coverage import Coverage
from sv_lib.publish.files.manifest import hash_of
from sv_lib.publish.run import folder


def since_last(
    inputs: Inputs, publication: Publication, coverage: Sequence[Coverage], output_dir: Path
) -> list[str]:
    """What changed since the last check, in lines, and note this one in its place.

    ``coverage``: how much is known now. Nothing is said of the first check.
    """
    path = output_dir / publication.council.id / f".{publication.id}-check.json"
    codes = sorted({_code(one) for one in inputs.findings if one.severity != "note"})
    known = {one.label: one.known for one in coverage}
    then = _read(path)
    folder.write(path, json.dumps({"findings": codes, "coverage": known}).encode())
    path.chmod(0o600)
    if not then:
        return []
    gone = len(set(then["findings"]) - set(codes))
    new = len(set(codes) - set(then["findings"]))
    lines = [f"Since the last check: {counted(gone, 'finding')} gone, {new:,} new."]
    for label, share in known.items():
        before = then["coverage"].get(label, share)
        if before != share:
            lines.append(f"  {label}: {before} then, {share} now.")
    return lines


def _code(finding: Finding) -> str:
    """A finding without what a cell held. Its row may move when others are mended."""
    return hash_of([finding.severity, finding.file, finding.column, finding.problem])[:16]


def _read(path: Path) -> dict[str, Any]:
    """The last check's note; empty where there is none that can be read."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if {"findings", "coverage"} <= found.keys() else {}
