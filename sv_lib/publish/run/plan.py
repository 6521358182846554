"""Which reports a run makes, decided and checked before anything starts."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sv_lib.errors import ParameterError
from sv_lib.intake.findings import Record, findings_by_row, nearest
from sv_lib.intake.pipeline import Inputs
from sv_lib.intake.tables.dictionary import NO_SECTION
from sv_lib.params import Publication
from sv_lib.present.markup import anchor
from sv_lib.publish.files.manifest import ROOT, hash_of, sha256
from sv_lib.publish.page.notebook import check_parameters

NOTEBOOKS = ROOT / "notebooks"
KINDS = ("annual", "mid-year", "wards", "methods")
FILES = (".html", ".pdf", ".ipynb")


@dataclass(frozen=True)
class Report:
    """One report of a run: its name in the run folder, its title, its notebook and, for a ward
    report,
    its ward.
    """

    name: str
    title: str
    notebook: Path
    ward: str = ""

    @property
    def files(self) -> list[str]:
        return [self.name + suffix for suffix in FILES]

    def parameters(self, params_file: str, calculation: str) -> dict[str, str]:
        """What its notebook is run with; the names are ours, never a user's."""
        given = {"params_file": params_file, "calculation": calculation}
        return given | {"ward": self.ward} if self.ward else given

    def sha256(self, basis: str, has_methods: bool) -> str:
        """A hash that changes with anything that this report is made from.

        ``basis``: the hash of parameters, inputs, code and tools.
        ``has_methods``: whether the methods report is in the run, because figures link to it.
        """
        leads = has_methods and self.name != "methods"
        return hash_of([basis, self.name, self.title, sha256(self.notebook.read_bytes()), leads])


def reports_of(
    publication: Publication, kinds: Sequence[str], wards: Sequence[str], notebooks: Path
) -> list[Report]:
    """The reports asked for (by default those of the file), each with a notebook that takes our
    parameters.

    Raises ParameterError for a report or ward that is not one, and for a notebook that does not
    fit.
    """
    chosen = _kinds(publication, kinds) | ({"wards"} if wards else set())
    names = [kind for kind in (publication.file.kind, "methods") if kind in chosen]
    if "wards" in chosen:
        names += [f"wards/{code}" for code in _wards(publication, wards)]
    found = [report for report in (named(publication, name, notebooks) for name in names) if report]
    for report in {report.notebook: report for report in found}.values():
        check_parameters(report.notebook, report.parameters("", ""))
    return found


def named(publication: Publication, name: str, notebooks: Path) -> Report | None:
    """The report of a publication that has this name in the run folder; None when there is no such
    report.
    """
    title, code = publication.file.title, name.removeprefix("wards/")
    if name == publication.file.kind:
        return Report(name, title, notebooks / f"{name.replace('-', '_')}.ipynb")
    if name == "methods":
        return Report(name, f"Methods: {title}", notebooks / "methods.ipynb")
    if name != code and code in {ward.code for ward in publication.council.wards}:
        return Report(
            name,
            f"Ward report: {publication.council.ward_name(code)}",
            notebooks / "ward.ipynb",
            code,
        )
    return None


def check_answers(inputs: Inputs, publication: Publication, notebooks: Path = NOTEBOOKS) -> Inputs:
    """The inputs, with a finding for each question answered in a section that the report lacks."""
    notebook = notebooks / f"{publication.file.kind.replace('-', '_')}.ipynb"
    asked = inputs.frames["scrutiny"]
    titles = _headings(notebook) if len(asked) else []
    if not titles:
        return inputs
    sections = [*titles, *NO_SECTION]
    anchors = {anchor(title) for title in sections}
    is_there = asked["section"].fillna("").map(anchor).isin(anchors)
    lost = asked[asked["section"].notna() & ~is_there]

    def slots(row: Record) -> dict[str, object]:
        section = row["section"]
        near = nearest(section, sections)
        every = ", ".join(sections)
        return {"value": section, "notebook": notebook.name, "sections": every, "near": near}

    found = findings_by_row("publication.no_section", lost, "section", slots)
    return replace(inputs, findings=(*inputs.findings, *found))


def _headings(notebook: Path) -> list[str]:
    """The headings in the text of a notebook; none when there is no such file."""
    if not notebook.is_file():
        return []
    titles = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            lines = "".join(cell["source"]).splitlines()
            titles += [line.lstrip("# ") for line in lines if line.startswith("#")]
    return titles


def _kinds(publication: Publication, asked: Sequence[str]) -> set[str]:
    _all_known(asked, KINDS, "--reports", "report")
    chosen = set(asked or publication.file.reports)
    possible = {publication.file.kind, "wards", "methods"}
    if not chosen & possible:
        raise ParameterError(
            "--reports",
            f"{publication.id} is {publication.file.kind} and has no "
            f"{' or '.join(sorted(chosen))} report",
            "there would be nothing to make.",
            f"ask for {', '.join(sorted(possible))}.",
        )
    return chosen & possible


def _wards(publication: Publication, asked: Sequence[str]) -> list[str]:
    names = {ward.code: ward.name for ward in publication.council.wards}
    _all_known(asked, names, "--ward", f"ward of {publication.council.name}", names)
    return sorted(set(asked or names))


def _all_known(
    asked: Iterable[str],
    known: Iterable[str],
    option: str,
    what: str,
    names: dict[str, str] | None = None,
) -> None:
    """Refuse all unknown words at once, each with the known ones nearest to it, by code or by
    name.
    """
    known, names = list(known), names or {}
    spoken = {**{code: code for code in known}, **{name: code for code, name in names.items()}}
    faults = []
    for word in asked:
        if word not in known:
            near = difflib.get_close_matches(word, spoken, n=3, cutoff=0.5) or list(spoken)[:3]
            codes = dict.fromkeys(spoken[match] for match in near)
            hints = (f"{code} ({names[code]})" if code in names else code for code in codes)
            faults.append(f"'{word}' is not a {what}; near it: {', '.join(hints)}")
    if faults:
        raise ParameterError(
            option,
            "; ".join(faults),
            "a report that was meant would be missing.",
            "correct it and run again.",
        )
