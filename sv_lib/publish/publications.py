"""The publications of a folder of councils: what each is, whether it was made, when it is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sv_lib.errors import ParameterError, ReportError
from sv_lib.home import outputs_beside
from sv_lib.params import Publication, load
from sv_lib.publish.files import manifest

COUNCIL = "council.yaml"
NEVER, OLD, MADE, PUBLISHED = "never run", "out of date", "made", "published"
FAULTY = "has faults"
HEADINGS = ("Council", "Publication", "Status", "State", "Data as at", "Due", "Parameter file")


@dataclass(frozen=True)
class ListedPublication:
    """A publication as the list shows it; one with faults has its file and its state alone."""

    file: Path
    state: str
    publication: Publication | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The line of the list, under ``HEADINGS``."""
        if self.publication is None:
            name = self.file.parent.name
            return (name, self.file.stem, "", self.state, "", "", self.file.as_posix())
        council = self.publication.council
        file = self.publication.file
        due = file.due_on.isoformat() if file.due_on else ""
        day = file.data_as_at.isoformat()
        names = (council.place, self.publication.id, file.status)
        return (*names, self.state, day, due, self.file.as_posix())


def listed(folder: Path, output_dir: Path | None = None) -> list[ListedPublication]:
    """Every publication of the councils in a folder, or of the one council that it is.

    ``output_dir``: where their runs are kept, by default beside the parameters.
    Raises ParameterError where there is no council.
    """
    homes = sorted(path.parent for path in (folder / COUNCIL, *folder.glob(f"*/{COUNCIL}")))
    found = [one for home in homes for one in _of_council(home, output_dir)]
    if not found:
        raise ParameterError(
            str(folder),
            "there is no council in it",
            "there is nothing to list.",
            "name the folder of a council, or the one that holds their folders; svreport init "
            "makes one.",
        )
    return found


def _of_council(home: Path, output_dir: Path | None) -> Iterator[ListedPublication]:
    for path in sorted(home.glob("*.yaml")):
        if path.name == COUNCIL:
            continue
        try:
            publication = load(path)
            state = state_of(publication, output_dir or outputs_beside(path))
        except ReportError:
            yield ListedPublication(path, FAULTY)
            continue
        yield ListedPublication(path, state, publication)


def state_of(publication: Publication, output_dir: Path) -> str:
    """Whether a publication was made, from what is there now, and is final."""
    home = output_dir.resolve() / publication.council.id / publication.id
    last = manifest.read(home)
    if not last:
        return NEVER
    earlier = manifest.readers_have(publication, home)
    if not manifest.still_made_from(last, publication, earlier) or not manifest.is_intact(home):
        return OLD
    return PUBLISHED if publication.file.status == "final" else MADE


def overdue(all_listed: list[ListedPublication], today: date) -> list[ListedPublication]:
    """Those whose day has come and that are not published."""
    late = []
    for one in all_listed:
        due_on = one.publication.file.due_on if one.publication else None
        if due_on and due_on < today and one.state != PUBLISHED:
            late.append(one)
    return late
