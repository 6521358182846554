"""Each recipe of CONTRIBUTING, done in a copy: few files are touched, and the page shows it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

COPIED = ("sv_lib", "notebooks", "scripts", "pyproject.toml", "requirements.lock")
COUNCIL = "params/test"
PUBLICATION = f"{COUNCIL}/mid-year.yaml"
PAGE = "outputs/test/mid-year/mid-year.html"


@dataclass
class Project:
    """A copy of the project that somebody is changing; ``touched`` are the files changed so far."""

    folder: Path
    touched: set[str] = field(default_factory=set)

    def write(self, name: str, text: str) -> None:
        """Add a file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.touched.add(name)

    def append(self, name: str, text: str) -> None:
        """Add lines to the end of a file."""
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
        self.touched.add(name)

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a line of a file; it must be there."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"the recipe no longer fits {name}: there is no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        self.touched.add(name)

    def name_after_categories(self, piece: str) -> None:
        """Name a piece in the notebook of the main report, below the categories of spend."""
        categories = 'report.table("spend.categories")'
        above, quoted = (json.dumps(one)[1:-1] for one in (categories, piece))
        line = f"    {above},\\n"
        self.replace("notebooks/main.ipynb", line, f"{line}    {quoted},\\n")

    def run(self, *arguments: str) -> str:
        """What a command of the copy says. It must succeed."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder)}
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def page(self) -> str:
        """The mid-year report of the copy's small council."""
        self.run("sv_lib", "run", PUBLICATION, "--jobs", "1")
        return (self.folder / PAGE).read_text(encoding="utf-8")


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Project:
    for name in COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(
                source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "demo")
            )
        else:
            shutil.copy(source, tmp_path / name)
    shutil.copytree(root / "tests/bad_inputs/base", tmp_path / COUNCIL)
    (tmp_path / COUNCIL / "publication.yaml").rename(tmp_path / PUBLICATION)
    return Project(tmp_path)


MEASURE = """\
ref: BMB1
title: School classes shown round a depot
theme: Jobs and skills
outcome: Children know what work there is
unit: visits
method: proxy
counting: as_counted
counts_people: no
is_local_economic: no
group: none
is_protected: no
evidence: [visitors' book of the depot]
editions: [illustrative-2020]
rule: Count the visits of a whole class to a depot or a site of the contract.
formula: visits x proxy x attribution
review_on: 2027-06-30
examples:
  - title: Two schools come five times each
    inputs: {number: 10}
    quantity: 10
    price: 30
    value_pence: 30000
    working: 10 visits x £30.00 x 1 = £300.00
"""


@pytest.mark.slow
def test_a_measure_of_the_councils_own(project: Project) -> None:
    project.write(f"{COUNCIL}/measures/BMB1.yaml", MEASURE)
    project.replace(
        f"{COUNCIL}/council.yaml", "measures: [NT1, NT10]", "measures: [NT1, NT10, BMB1]"
    )
    project.append(
        f"{COUNCIL}/inputs/proxies.csv",
        "BMB1,illustrative-2020,visits,30,Invented for tests,row 2,Tester,2020-01-06\n",
    )
    assert len(project.touched) <= 3
    # What a supplier promised and returned under it; no part of the recipe.
    inputs = f"{COUNCIL}/inputs"
    project.append(f"{inputs}/commitments.csv", "K2,C1,BMB1,20,1,2020-10-01,2020-11-01\n")
    project.append(
        f"{inputs}/returns.csv",
        "R3,C1,K2,BMB1,2022-03-01,2022-05-31,10,1,,,A3,reported,2022-06-10,,,,,\n",
    )
    page = project.page()
    assert "School classes shown round a depot (visits)" in page
    assert 'data-figure="measure.BMB1.delivered.this" value="10">10' in page


@pytest.mark.slow
def test_a_figure_with_its_table_in_the_mid_year_report(project: Project) -> None:
    project.append(
        "sv_lib/figures/topics/spend.figures.yaml",
        "spend.credits:\n"
        "  label: Credits from suppliers\n"
        "  column: amount_pence\n"
        "  formula: sum of credits\n",
    )
    project.replace(
        "sv_lib/figures/topics/spend.py",
        '    spend.count("spend.payments"',
        '    spend.total("spend.credits", paid[paid["amount_pence"] < 0])\n'
        '    spend.count("spend.payments"',
    )
    project.append(
        "sv_lib/present/page_tables.yaml",
        "credits:\n"
        "  section: spend\n"
        "  caption: What suppliers paid back\n"
        "  source: Payments ledger\n"
        "  columns:\n"
        "    - What\n"
        '    - {exact: This period, figure: "spend.credits.this"}\n'
        '    - {exact: The year before, figure: "spend.credits.before"}\n'
        "  rows:\n"
        "    - {row: Credits}\n",
    )
    project.name_after_categories('report.table("spend.credits")')
    assert len(project.touched) <= 4
    page = project.page()
    assert "What suppliers paid back" in page
    # Nothing says that the one supplier who paid back is a firm, so it is protected as a person.
    assert 'data-figure="spend.credits.this" value="">[c]' in page


@pytest.mark.slow
def test_an_input_column(project: Project) -> None:
    project.append(
        "sv_lib/intake/tables/contracts.yaml",
        "  framework:\n"
        "    kind: text\n"
        "    meaning: purchasing framework it was called off from\n"
        "    optional: yes\n"
        "    example: Highways framework\n",
    )
    assert len(project.touched) == 1
    contracts = project.folder / COUNCIL / "inputs/contracts.csv"
    heading, *rows = contracts.read_text(encoding="utf-8").splitlines()
    lines = [f"{heading},framework", *(f"{row},Highways" for row in rows)]
    contracts.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert "framework" not in project.run("sv_lib", "check", PUBLICATION)
    page = project.run("scripts.data_inputs")
    assert "purchasing framework it was called off from" in page


@pytest.mark.slow
def test_a_new_ledger_quirk(project: Project) -> None:
    ledger = project.folder / "may.csv"
    ledger.write_text(
        "Posting date,Counterpart of the deal,Net amount\n"
        "03/05/2022,Firm One,100.00\n04/05/2022,Firm Two,25.50\n05/05/2022,Firm Six,1.25\n",
        encoding="utf-8",
    )
    project.replace(
        "sv_lib/intake/ledger/headings.yaml",
        "      - payee details\n",
        "      - payee details\n      - counterpart of the deal\n",
    )
    assert len(project.touched) == 1
    said = project.run("sv_lib", "layout", "may.csv")
    assert "Counterpart of the deal" in said
    assert "£126.75" in said


@pytest.mark.slow
def test_a_chart(project: Project) -> None:
    project.append(
        "sv_lib/present/page_tables.yaml",
        "by-card:\n"
        "  caption: How payments were made\n"
        "  source: Payments ledger\n"
        '  columns: [Way of paying, {thousands: Paid, figure: "spend.card.{answer}.this"}]\n'
        "  rows:\n"
        '    - {row: By purchase card, answer: "yes"}\n'
        '    - {row: Otherwise, answer: "no"}\n',
    )
    project.append(
        "sv_lib/present/prose.yaml",
        "\nspend.by_card_title:\n"
        '  known: "How {place} pays"\n'
        "spend.by_card_subtitle:\n"
        '  known: "Payments by purchase card and otherwise; £ thousand"\n'
        "spend.by_card_alt:\n"
        '  known: "Bar chart of payments by purchase card and of all others."\n',
    )
    project.append(
        "sv_lib/present/sections/money.py",
        '\n\n@pieces.chart("spend.by_card")\n'
        "def _by_card(report: Report) -> Html:\n"
        '    """Which payments were made by card."""\n'
        '    return PageTable(report, "by-card").chart("bars", "spend.by_card")\n',
    )
    project.name_after_categories('report.chart("spend.by_card")')
    assert len(project.touched) <= 4
    page = project.page()
    assert "How Testborough pays" in page
    assert 'alt="Bar chart of payments by purchase card' in page


@pytest.mark.slow
def test_a_figure_of_the_councils_own(project: Project, root: Path) -> None:
    """As docs/your-own-figure.md has it: from the file to the page, CSV, trail and verify."""
    told = (root / "docs/your-own-figure.md").read_text(encoding="utf-8")
    declared = told.partition("```yaml\n")[2].partition("```")[0]
    project.write(f"{COUNCIL}/figures/living-wage.yaml", declared)
    assert len(project.touched) == 1
    project.run("sv_lib", "run", PUBLICATION, "--reports", "methods", "--jobs", "1")
    run = project.folder / "outputs/test/mid-year"
    page = (run / "methods.html").read_text(encoding="utf-8")
    assert 'data-figure="own.living_wage.this" value="120050">£1,201' in page
    assert (run / "methods.pdf").is_file()
    assert "own.living_wage.this" in (run / "figures.csv").read_text(encoding="utf-8")
    traced = project.run("sv_lib", "trace", str(run), "own.living_wage.this")
    assert "agrees with the figure, 1 row" in traced
    project.run("sv_lib", "verify", str(run), "--params", PUBLICATION, "--jobs", "1")
