"""Brings a council's folder of version 0.1 to how it is written now: parameters and tables.

What is read as it is stays untouched, comments too. Each file that is changed is kept beside, as it
was, in the folder ``before-upgrade``.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sv_lib.errors import ParameterError
from sv_lib.intake.input_files import find_files
from sv_lib.params import Council, load
from sv_lib.strict_yaml import parse_yaml

KEPT = "before-upgrade"
COUNCIL = "council.yaml"
HISTORY = "published_history"
DEADWEIGHT = re.compile(r"^( +)deadweight_pct: *([0-9.]+)[^\n]*\n", re.MULTILINE)
STATUS = re.compile(r"^status: *(?:draft|final)\b", re.MULTILINE)
REASON = "taken off every measure, as version 0.1 did"


def upgrade(folder: Path) -> list[str]:
    """Rewrite what version 0.1 wrote otherwise. Returns what was changed, a line each.

    Raises ParameterError where the folder is no council's, or cannot be read afterwards for another
    reason.
    """
    if not (folder / COUNCIL).is_file():
        raise ParameterError(
            str(folder),
            f"there is no {COUNCIL} in it",
            "there is nothing to upgrade.",
            "name the folder of a council.",
        )
    council = _Folder(folder)
    return [*council.parameters(), *council.history()]


@dataclass(frozen=True)
class _Folder:
    """A council's folder on its way."""

    home: Path

    def publications(self) -> list[Path]:
        return sorted(path for path in self.home.glob("*.yaml") if path.name != COUNCIL)

    def parameters(self) -> Iterator[str]:
        """Deadweight by measure, and the status of a demonstration."""
        path = self.home / COUNCIL
        text = _text(path)
        written = _settings(path, text)
        refs = written["measure_set"]["measures"]
        by_measure = DEADWEIGHT.sub(lambda found: _deadweight(found, refs), text)
        if by_measure != text:
            self._write(path, by_measure)
            yield f"{COUNCIL}: methods.deadweight says for each measure what deadweight_pct said"
        for publication in self.publications() if written.get("is_demonstration") == "true" else ():
            text = _text(publication)
            marked = STATUS.sub("status: demonstration", text)
            if marked != text:
                self._write(publication, marked)
                yield f"{publication.name}: status is demonstration, as its council's data are"

    def history(self) -> Iterator[str]:
        """The district that published, in what was published before: the council itself."""
        for path in self.publications():
            publication = load(path)
            files, _ = find_files(publication)
            for name, file in files.get(HISTORY, {}).items():
                if self._add_district(file, publication.council):
                    yield f"{name}: column lad_code, {publication.council.lad_code} in every row"

    def _add_district(self, file: Path, council: Council) -> bool:
        """Add the column where it is missing. Of a workbook, the check says that it is."""
        if file.suffix.lower() != ".csv":
            return False
        rows = list(csv.reader(io.StringIO(_text(file), newline="")))
        if not rows or "lad_code" in rows[0] or "figure" not in rows[0]:
            return False
        text = io.StringIO(newline="")
        written = csv.writer(text, lineterminator="\n")
        written.writerow(["lad_code", *rows[0]])
        written.writerows([council.lad_code, *row] for row in rows[1:] if row)
        self._write(file, text.getvalue())
        return True

    def _write(self, path: Path, text: str) -> None:
        """Write a file; what it was is kept, and the first that was kept stays."""
        kept = self.home / KEPT / path.resolve().relative_to(self.home.resolve())
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, kept)
        path.write_text(text, encoding="utf-8", newline="\n")


def _text(path: Path) -> str:
    """The text of a file that is to be rewritten."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(path, "it is no text in UTF-8") from None


def _settings(path: Path, text: str) -> dict[str, Any]:
    """The settings of a council, as far as they have to be known."""
    try:
        written = parse_yaml(text)
    except yaml.YAMLError:
        raise _refused(path, "it cannot be read as YAML") from None
    match written:
        case {"methods": {"deadweight_pct": _}} if not DEADWEIGHT.search(text):
            raise _refused(path, "deadweight_pct does not stand on a line of its own")
        case {"measure_set": {"measures": [_, *_]}}:
            return dict(written)
        case _:
            raise _refused(path, "it lists no measures under measure_set")


def _refused(path: Path, found: str) -> ParameterError:
    return ParameterError(
        str(path),
        found,
        "it is not known what to write anew, and it stays as it is.",
        "mend that in the file (svreport check says where), and upgrade again.",
    )


def _deadweight(found: re.Match[str], refs: list[str]) -> str:
    """What stands in place of one percentage for all measures; nothing where it was nought."""
    indent, pct = found.groups()
    if not pct.strip("0."):
        return ""
    each = f'{{pct: {pct}, reason: "{REASON}", source: methods.source}}'
    lines = [f"{indent}deadweight:", *(f"{indent}  {ref}: {each}" for ref in refs)]
    return "\n".join(lines) + "\n"
