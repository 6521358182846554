"""JupyterLab as the analyst meets it: the start page, a notebook opened from it, run, edited, run
again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from sv_lib.publish import lab_folder

pytestmark = pytest.mark.slow
pytest.importorskip("jupyterlab", reason="did not run: JupyterLab is not installed (the extra lab)")
MINUTE = 60_000


@pytest.fixture(scope="module")
def lab(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab as ``make lab`` starts it, with settings of its own; its address."""
    home = tmp_path_factory.mktemp("lab")
    settings = home / "settings"
    settings.mkdir()
    ours = json.loads((root / "notebooks" / "lab.json").read_text(encoding="utf-8"))
    every_cell = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
    (settings / "overrides.json").write_text(json.dumps(ours | every_cell), encoding="utf-8")
    for folder in ("notebooks", "params"):  # a copy: JupyterLab saves what it runs
        shutil.copytree(root / folder, home / "project" / folder)
    lab_folder.write(home / "project" / "params")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        "JUPYTER_CONFIG_DIR": home,
        "JUPYTER_DATA_DIR": home,
        "JUPYTER_RUNTIME_DIR": home,
        "IPYTHONDIR": home,
    }
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ip=127.0.0.1",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={home / 'project'}",
        f"--LabApp.app_settings_dir={settings}",
        "--LabApp.default_url=/lab/tree/outputs/lab/start.md",
        "--LabApp.extension_manager=readonly",
        f"--LabApp.workspaces_dir={home}",
        f"--LabApp.user_settings_dir={home}",
    ]
    server = subprocess.Popen(
        command,
        env=os.environ
        | {name: str(place) for name, place in own.items()}
        | {"PYTHONPATH": str(root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5).close()  # noqa: S310 its own address
            break
        except URLError:
            time.sleep(0.5)
    yield address
    server.terminate()
    server.wait()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(2 * MINUTE)
    yield opened
    opened.close()


def run_all(page: Page, cells: int, earlier: int = 0) -> None:
    """Choose Run All Cells, and wait until each has its number after earlier runs of cells."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    numbers = [f"[{earlier + number}]:" for number in range(1, cells + 1)]
    expect(prompts).to_have_text(numbers, timeout=4 * MINUTE)
    expect(page.get_by_text("| Idle")).to_be_visible(timeout=2 * MINUTE)


def code_cells(notebook: Path) -> int:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return sum(cell["cell_type"] == "code" for cell in cells)


def is_open_and_clean(page: Page) -> None:
    expect(page.locator(".jp-MarkdownOutput", has_text="If a cell below fails")).to_be_visible(
        timeout=2 * MINUTE
    )
    expect(page.get_by_text("| Idle")).to_be_visible(timeout=2 * MINUTE)
    assert page.locator(".jp-CodeCell .jp-OutputArea-output").count() == 0


def has_its_bar_and_design(page: Page) -> None:
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert "Demonstration: synthetic data" in page.locator(".opened").inner_text()
    assert "finding" in page.locator(".opened").inner_text()
    heading = page.locator(".jp-CodeCell h1")
    face = heading.evaluate("e => getComputedStyle(e).fontFamily")
    assert face.startswith('"Source Sans Pro"')


def test_a_publication_is_opened_from_the_start_page_run_edited_and_run_again(
    lab: str, page: Page, root: Path
) -> None:
    page.goto(f"{lab}?reset")
    heading = page.get_by_role("heading", name="Social value reports: the analyst's view")
    expect(heading).to_be_visible(timeout=MINUTE)
    lines = page.locator(".jp-MarkdownViewer tbody tr")
    assert lines.count() == len(list((root / "params").glob("*/2*.yaml")))
    lines.filter(has_text="Samplebridge").get_by_role("link", name="ward", exact=True).click()
    is_open_and_clean(page)
    cells = code_cells(root / "notebooks/ward.ipynb")
    run_all(page, cells)
    has_its_bar_and_design(page)
    assert "2024-25-annual.yaml" in page.locator(".opened").inner_text()
    first, last = page.locator(".jp-CodeCell").first, page.locator(".jp-CodeCell").last
    assert "Bridge End" in page.locator(".jp-CodeCell h1").inner_text()
    # Another ward in the parameters, and a cell that asks for a figure.
    type_into(page, first, "E05990091", "E05990092")
    type_into(page, last, "", '\nreport.figure("spend.total.this")')
    run_all(page, cells, earlier=cells)
    assert "Market" in page.locator(".jp-CodeCell h1").inner_text()
    assert "£270,000" in last.locator(".jp-OutputArea-output").last.inner_text()


def type_into(page: Page, cell: Locator, old: str, new: str) -> None:
    """Type in a cell's editor: in the place of some of its text, or at its end."""
    editor = cell.locator(".cm-content")
    text = editor.inner_text().replace("\n\n", "\n")
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text.replace(old, new) if old else text + new)


def test_a_notebook_of_the_project_runs_to_its_end(lab: str, page: Page, root: Path) -> None:
    # The other notebooks are run by nbval, and open in the same way.
    page.goto(f"{lab}/lab/tree/notebooks/methods.ipynb?reset")
    is_open_and_clean(page)
    run_all(page, code_cells(root / "notebooks/methods.ipynb"))
    has_its_bar_and_design(page)
