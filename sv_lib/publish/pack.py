"""One zip of a run to send by e-mail: public files alone, whole, and small enough."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sv_lib.errors import DifferenceError, ParameterError
from sv_lib.publish.files import manifest

LARGEST = 10_000_000
"""Bytes that most offices let through."""
LEFT_OUT_FIRST = (
    ("notebooks", ("*.ipynb",)),
    ("pages of wards, whose PDFs stay", ("wards/*.html",)),
    ("data files", ("data/*", "claims.csv", "ro-crate-metadata.json", "*.xlsx", "*.ods")),
    ("reports of wards", ("wards/*",)),
)
"""What is left out of a zip that would be too large, in this order, in words and by pattern."""
DAY = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a zip: the same run gives the same bytes."""


def pack(run: Path, output: Path | None = None) -> list[str]:
    """Write the zip of a run folder; gives what to tell, in lines.

    Raises ParameterError for an exempt run, a folder that is no run, or a file that is there
    already; DifferenceError where a file is not as it was made, or the zip cannot be small enough.
    """
    whole = manifest.read_alone(run)
    _require_public(run, whole)
    target = output or run.parent / f"{whole['council']}-{whole['publication']}.zip"
    if target.exists():
        raise ParameterError(
            str(target),
            "there is such a file already",
            "somebody may have sent it.",
            "name another with --output, or move this one away.",
        )
    names = [entry["path"] for entry in whole["outputs"]] + [manifest.NAME]
    dropped: list[str] = []
    kept = sorted(names)
    size = _write(target, run, kept)
    for words, patterns in LEFT_OUT_FIRST:
        if size <= LARGEST:
            break
        rest = [name for name in kept if not any(Path(name).match(one) for one in patterns)]
        if rest != kept:
            dropped.append(words)
        kept = rest
        size = _write(target, run, kept)
    if size > LARGEST:
        target.unlink()
        raise DifferenceError(
            run.name,
            f"its own pages come to {size / 1e6:.1f} MB",
            "most offices let no e-mail of more than 10 MB through.",
            "put the run folder where readers can open it, and send its address.",
        )
    return _told(target, kept, dropped, size, whole)


def _require_public(run: Path, whole: dict[str, Any]) -> None:
    """Refuse what must not be sent."""
    if not whole:
        raise ParameterError(
            str(run),
            "this is no run folder",
            "nothing was packed.",
            "name the folder of a run, such as outputs/rotherham-demo/2022-annual.",
        )
    if str(whole["publication"]).endswith(".exempt"):
        raise ParameterError(
            str(run),
            "this run is for exempt papers",
            "it holds small numbers of people that must not be sent out.",
            "pack the public run of the same publication.",
        )
    changed = _changed(run, whole["outputs"])
    if changed:
        raise DifferenceError(
            run.name,
            f"{', '.join(changed[:5])} {'is' if len(changed) == 1 else 'are'} not as it was made",
            "readers would get something else than the run says of itself.",
            "run again, and pack that.",
        )


def _changed(run: Path, outputs: list[dict[str, str]]) -> list[str]:
    """The files that differ from what the manifest says, and those that it does not name."""
    said = {str(entry["path"]): entry["sha256"] for entry in outputs}
    there = dict(manifest.outputs(run))
    both = sorted(said.keys() | there.keys())
    return [name for name in both if said.get(name) != there.get(name)]


def _write(target: Path, run: Path, names: Sequence[str]) -> int:
    """Write the zip anew; gives its size in bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            entry = zipfile.ZipInfo(f"{run.name}/{name}", DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, (run / name).read_bytes())
    return target.stat().st_size


def _told(
    target: Path, kept: Sequence[str], dropped: Sequence[str], size: int, whole: dict[str, Any]
) -> list[str]:
    lines = [f"Wrote {target}: {len(kept):,} files, {size / 1e6:.1f} MB, all as the run made them."]
    if dropped:
        lines.append(f"  Left out to stay under 10 MB: {'; '.join(dropped)}.")
    parameters = whole["parameters"]
    status = parameters["publication"]["status"]
    if status != "final":
        lines.append(f"  Its status is {status}, and every page says so.")
    return lines
