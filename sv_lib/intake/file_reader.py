"""Reads the files that the parameters name, and keeps a record of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sv_lib.intake import input_files
from sv_lib.intake.control_totals import InputFile, control_total
from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.findings import finding, told
from sv_lib.intake.ledger.ledger import Ledger, Reading, reading
from sv_lib.intake.returns.form import FormCells
from sv_lib.params import Publication

Read = Callable[[Path, str], RawTable]
"""Reads the file at a path; the second argument is its logical name, for messages."""


class FileReader:
    """One reading of a publication's files.

    ``sources``: key of the parameters -> logical name -> path. ``files``: every file that was read.
    ``findings``, ``controls`` (lines of the control totals) and ``readings`` gather on the way.
    ``ledgers``: payments files that have their finance system's headings, by name.
    ``forms``: return forms, by name.
    ``torn_rows``: (file, row) of rows with more values than headings.
    """

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.sources, self.findings = input_files.find_files(publication)
        self.files: list[InputFile] = []
        self.controls: list[dict[str, object]] = []
        self.readings: list[Reading] = []
        self.ledgers: dict[str, Ledger] = {}
        self.forms: dict[str, FormCells] = {}
        self.torn_rows: set[tuple[str, int | None]] = set()

    @property
    def has_layout(self) -> bool:
        """Whether the parameters say how the ledger is laid out; otherwise it is guessed."""
        return input_files.LAYOUT in self.sources

    def paths(self, key: str) -> dict[str, Path]:
        """Logical name -> path of the files of one input."""
        return self.sources.get(key, {})

    def tables(self, key: str, read: Read) -> Iterator[RawTable]:
        """The files of one input that can be read. A file that is empty or there twice stops."""
        first_of: dict[str, str] = {}
        for name, path in self.paths(key).items():
            raw = None
            with told(name, self.findings):
                raw = read(path, name)
            if raw is None:
                continue
            self._note(raw)
            ledger = self.ledgers.get(name)
            if raw.frame.empty and not (ledger and ledger.is_nil):
                no_rows = "files.no_returns" if key == "returns" else "files.no_rows"
                self.findings.append(finding(no_rows, name))
            if raw.sha256 in first_of:
                first = first_of[raw.sha256]
                self.findings.append(finding("files.same_twice", name, first=first))
            first_of[raw.sha256] = name
            self.files.append(InputFile(key, name, raw.sha256, len(raw.frame)))
            self.readings.append(reading(raw, ledger, is_guess=not self.has_layout))
            yield raw

    def _note(self, raw: RawTable) -> None:
        """Keep the reader's findings, and which rows are torn."""
        self.findings += raw.notes
        for note in raw.notes:
            if note.severity == "stop" and note.row:
                self.torn_rows.add((note.file, note.row))

    def account(self, file: InputFile, used: int) -> None:
        """Add the control total of a file of which so many rows were used, the others left out."""
        rows = {"used": used, "excluded": file.rows - used}
        self.controls.append(control_total(file, rows))
