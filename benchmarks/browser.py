"""Lets nbconvert's ``webpdf`` use the system's Chromium.

By itself it knows only browsers that playwright downloaded.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless=new --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-sync"
)
TRY = """
from playwright.sync_api import sync_playwright
with sync_playwright() as tools:
    tools.chromium.launch(args=["--no-sandbox"]).close()
"""


def environment_for_playwright(folder: Path) -> dict[str, str] | None:
    """Return environment variables under which playwright starts the system's browser, or None.

    Playwright is asked where it looks (its complaint names the place), and a start script is put
    there.
    """
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    extra = {"PLAYWRIGHT_BROWSERS_PATH": str(folder)}
    missing = re.search(r"Executable doesn't exist at (\S+)", attempt(extra))
    if browser is None or missing is None:
        return None
    start = Path(missing.group(1))
    start.parent.mkdir(parents=True)
    start.write_text(f'#!/bin/sh\nexec "{browser}" {QUIET} "$@"\n', encoding="utf-8")
    start.chmod(0o755)
    return None if attempt(extra) else extra


def attempt(extra: dict[str, str]) -> str:
    """Return what playwright complains of when it starts a browser; blank when it can."""
    tried = subprocess.run(
        [sys.executable, "-c", TRY], env={**os.environ, **extra}, capture_output=True, text=True
    )
    return tried.stderr if tried.returncode else ""
