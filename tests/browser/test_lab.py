"""JupyterLab as the analyst meets it: the start page, then each notebook opened clean and run to
its
end.
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
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.slow
pytest.importorskip("jupyterlab", reason="did not run: JupyterLab is not installed (the extra lab)")
MINUTE = 60_000
NOTEBOOKS = ("main", "briefing", "ward", "methods")


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
        "--LabApp.default_url=/lab/tree/notebooks/start.md",
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


def test_it_opens_on_the_start_page(lab: str, page: Page) -> None:
    page.goto(lab)
    expect(
        page.get_by_role("heading", name="Social value reports: the analyst's view")
    ).to_be_visible(timeout=MINUTE)
    assert page.locator(".jp-MarkdownViewer a", has_text=".ipynb").count() == len(NOTEBOOKS)


# The other notebooks are run by nbval, and open in the same way.
@pytest.mark.parametrize("name", ["ward", "methods"])
def test_a_notebook_runs_to_its_end_and_shows_the_page(
    lab: str, page: Page, root: Path, name: str
) -> None:
    cells = json.loads((root / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    page.goto(f"{lab}/lab/tree/notebooks/{name}.ipynb?reset")
    expect(page.locator(".jp-MarkdownOutput", has_text="If a cell below fails")).to_be_visible(
        timeout=2 * MINUTE
    )
    expect(page.get_by_text("| Idle")).to_be_visible(timeout=2 * MINUTE)
    assert page.locator(".jp-CodeCell .jp-OutputArea-output").count() == 0
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    expect(prompts).to_have_text(
        [re.compile(r"\[\d+\]")] * sum(cell["cell_type"] == "code" for cell in cells),
        timeout=4 * MINUTE,
    )
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert "Demonstration: synthetic data" in page.locator(".opened").inner_text()
    assert "finding" in page.locator(".opened").inner_text()
    assert (
        page.locator(".jp-CodeCell h1")
        .evaluate("e => getComputedStyle(e).fontFamily")
        .startswith('"Source Sans Pro"')
    )
