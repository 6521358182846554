"""The site of the documents: built as ``make docs`` builds it, whole, offline, no link astray."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sv_lib as sv
from sv_lib.present.markup import Html, text_of

pytestmark = pytest.mark.slow
FETCHED = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*(?:src|href)=["'](?:\w+:)?//""")
FRONT = "docs/site/index.html"


def build(root: Path, documents: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Sphinx over a folder of documents, with the options of ``make docs``."""
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    [line] = re.findall(r"sphinx-build (.*) \. build/docs", makefile)
    options = line.replace("build/doctrees", str(site.parent / "doctrees")).split()
    command = [sys.executable, "-m", "sphinx", *options, str(documents), str(site)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("built") / "site"
    done = build(root, root, made)
    assert done.returncode == 0, done.stderr
    return made


def words(page: Path) -> str:
    markup = page.read_text(encoding="utf-8")
    article = markup[markup.index("<article") : markup.index("</article>")]
    return " ".join(text_of(Html(article.replace("<", " <"))).split())


def test_the_front_page_says_who_begins_where(site: Path) -> None:
    front = words(site / FRONT)
    for heading in ("Five minutes", "An analyst", "An auditor", "A scrutiny officer"):
        assert heading in front
    assert FRONT in (site / "index.html").read_text(encoding="utf-8")


def test_the_api_page_has_every_public_name(site: Path) -> None:
    page = (site / "docs/site/api.html").read_text(encoding="utf-8")
    said = words(site / "docs/site/api.html")
    methods = [name for name in vars(sv.Report) if not name.startswith("_")]
    defined = set(re.findall(r'<dt [^>]*id="[\w.]*?(\w+)"', page))
    elsewhere = {"Report", "__version__", "workings"}
    assert {*sv.__all__, *methods} - defined <= elsewhere
    first, *_ = (inspect.getdoc(sv.open_report) or "").splitlines()
    assert first in said


def test_explore_is_there_as_it_runs_on_the_demonstration(site: Path) -> None:
    said = words(site / "notebooks/explore.html")
    assert "Demonstration: synthetic data" in said
    # Traces, months and the trail agree.
    assert said.count("np.True_") == 2
    assert "of spend is local; without C0001 it is" in said
    assert "Not published: worked out in a notebook." in said


def test_the_method_is_there_as_it_runs(site: Path) -> None:
    said = words(site / "tests/notebooks/methods.html")
    assert said.startswith("The method, running on the demonstration")
    assert said.count("The two are equal.") > 3
    assert "from sv_lib.toms.valuation import value_claims" in said


def test_a_reader_fetches_nothing_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 50
    for page in pages:
        assert not FETCHED.search(page.read_text(encoding="utf-8")), page
    outside = re.compile(r"@import|url\(.?(?:\w+:)?//")
    for style in site.rglob("*.css"):
        assert not outside.search(style.read_text(encoding="utf-8")), style


def test_a_link_that_leads_nowhere_fails_the_build(root: Path, tmp_path: Path) -> None:
    page = tmp_path / "documents" / FRONT.replace(".html", ".md")
    page.parent.mkdir(parents=True)
    links = "[page](nowhere.md) [anchor](#no-heading) [file](nothing.csv) [whole](#site)"
    page.write_text(f"# Site\n\n{links}\n", encoding="utf-8")
    done = build(root, tmp_path / "documents", tmp_path / "site")
    assert done.returncode == 1
    for missing in ("nowhere.md", "no-heading", "nothing.csv"):
        assert missing in done.stderr
    assert "'site'" not in done.stderr
