"""Which reports a run makes. This is decided and checked before anything starts."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sv_lib.errors import ParameterError
from sv_lib.params import Publication
from sv_lib.publish.files.manifest import hash_of, sha256
from sv_lib.publish.page.notebook import check_parameters

KINDS = ("annual", "mid-year", "briefing", "wards", "methods")
FILES = (".html", ".pdf", ".ipynb")
MAIN = "main.ipynb"
"""The notebook of a publication's own report, annual or mid-year."""


@dataclass(frozen=True)
class PlannedReport:
    """One report of a run.

    ``name``: its files in the run folder without their ending.
    ``ward``: the code of its ward; blank when it is no ward report.
    """

    name: str
    title: str
    notebook: Path
    ward: str = ""

    @property
    def kind(self) -> str:
        """What ``--reports`` calls it."""
        return "wards" if self.ward else self.name

    @property
    def files(self) -> list[str]:
        """The names of its files in the run folder: HTML, PDF, notebook."""
        return [self.name + suffix for suffix in FILES]

    def parameters(self, params_file: str, calculation: str) -> dict[str, str]:
        """The parameters of its notebook. Their names are ours, never a user's."""
        given = {"params_file": params_file, "calculation": calculation}
        if self.ward:
            given["ward"] = self.ward
        return given

    def sha256(self, basis: str, has_methods: bool) -> str:
        """A hash that changes with anything that this report is made from.

        ``basis``: the hash of parameters, inputs, code and tools.
        ``has_methods``: whether the methods report is in the run, because figures link to it.
        """
        has_links = has_methods and self.name != "methods"
        notebook = sha256(self.notebook.read_bytes())
        return hash_of([basis, self.name, self.title, notebook, has_links])


def reports_of(
    publication: Publication, kinds: Sequence[str], wards: Sequence[str], notebooks: Path
) -> list[PlannedReport]:
    """The reports asked for, by default those of the parameter file.

    Raises ParameterError for a report or ward that is not one, and for a notebook that is not
    there or does not take our parameters.
    """
    chosen = _kinds(publication, kinds)
    if wards:
        chosen.add("wards")
    own: tuple[str, ...] = (publication.file.kind, "briefing", "methods")
    names = [kind for kind in own if kind in chosen]
    if "wards" in chosen:
        names += [f"wards/{code}" for code in _wards(publication, wards)]
    planned = [named(publication, name, notebooks) for name in names]
    reports = [report for report in planned if report]
    one_a_notebook = {report.notebook: report for report in reports}
    for notebook, report in one_a_notebook.items():
        check_parameters(notebook, report.parameters("", ""))
    return reports


def named(publication: Publication, name: str, notebooks: Path) -> PlannedReport | None:
    """The report with this name in the run folder; None when the publication has no such report."""
    title = publication.file.title
    if name == publication.file.kind:
        return PlannedReport(name, title, notebooks / MAIN)
    if name == "briefing":
        return PlannedReport(name, f"Briefing: {title}", notebooks / "briefing.ipynb")
    if name == "methods":
        return PlannedReport(name, f"Methods: {title}", notebooks / "methods.ipynb")
    for ward in publication.council.wards:
        if name == f"wards/{ward.code}":
            title = f"Ward report: {publication.council.ward_name(ward.code)}"
            return PlannedReport(name, title, notebooks / "ward.ipynb", ward.code)
    return None


def standing(
    plan: Sequence[PlannedReport], left_out: Collection[str], by_name: Collection[str]
) -> list[PlannedReport]:
    """The reports of a plan without those that would tell nothing yet.

    ``left_out``: kinds that the ladder leaves out. ``by_name``: kinds that somebody named, which
    are made all the same.
    """
    return [one for one in plan if one.kind in by_name or one.kind not in left_out]


def _kinds(publication: Publication, asked: Sequence[str]) -> set[str]:
    """The kinds of report asked for that the publication has."""
    _require_known(asked, dict.fromkeys(KINDS, ""), "--reports", "report")
    chosen = set(asked or publication.file.reports)
    possible = {publication.file.kind, "briefing", "methods"}
    if publication.council.wards:
        possible.add("wards")
    if not chosen & possible:
        kinds = " or ".join(sorted(chosen))
        raise ParameterError(
            "--reports",
            f"{publication.id} is {publication.file.kind} and has no {kinds} report",
            "there would be nothing to make.",
            f"ask for {', '.join(sorted(possible))}.",
        )
    return chosen & possible


def _wards(publication: Publication, asked: Sequence[str]) -> list[str]:
    """The codes of the wards asked for, by default of all."""
    council = publication.council
    names = {ward.code: ward.name for ward in council.wards}
    _require_known(asked, names, "--ward", f"ward of {council.name}")
    return sorted(set(asked or names))


def _require_known(asked: Iterable[str], names: Mapping[str, str], option: str, what: str) -> None:
    """Refuse all unknown words at once, each with the known ones nearest to it.

    ``names``: code -> name, or blank where the code is the name. Raises ParameterError.
    """
    codes = {code: code for code in names} | {name: code for code, name in names.items() if name}
    faults = []
    for word in asked:
        if word not in names:
            near = difflib.get_close_matches(word, codes, n=3, cutoff=0.5) or list(codes)[:3]
            near_codes = dict.fromkeys(codes[match] for match in near)
            hints = [_with_name(code, names) for code in near_codes]
            faults.append(f"'{word}' is not a {what}; near it: {', '.join(hints)}")
    if faults:
        raise ParameterError(
            option,
            "; ".join(faults),
            "a report that was meant would be missing.",
            "correct it and run again.",
        )


def _with_name(code: str, names: Mapping[str, str]) -> str:
    return f"{code} ({names[code]})" if names[code] else code
