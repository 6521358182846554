"""axe's look over a page in a browser."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # What passes is not described element by element, which takes more than half of the time.
    "resultTypes": ["violations"],
}


def faults(page: Page) -> str:
    """What axe finds wrong with a page, all that is folded up opened; empty where it is nothing."""
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    found = Axe().run(page, options=OPTIONS)
    return str(found.generate_report()) if found.violations_count else ""
