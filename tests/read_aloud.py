"""What a screen reader says of a PDF, and what it should say by the page it is made of."""

from __future__ import annotations

import html as entities
import re
import subprocess
from pathlib import Path

NOT_OF_THE_PAGE = re.compile(r"[\s•]+")
"""Spaces, and the signs of items."""
FOLDED = re.compile(
    r'<details.*?</details>|<ul class="figures">.*?</ul>|<span class="unseen">.*?</span>', re.DOTALL
)
CONTENTS = re.compile(r'<div class="print-contents">.*?</div>', re.DOTALL)
SECTION = re.compile(r'<span class="section">.*?</span>', re.DOTALL)
"""A link to a section, after which paper names its page."""
NUMBER = "\x00"
"""Stands for the number of a page."""
PAGE = r"(?:\d+|\(page\d+\))"


def read_aloud(path: Path) -> str:
    """The words of the structure tree in its order, without spaces and the signs of items."""
    command = ["pdfinfo", "-struct-text", str(path)]
    told = subprocess.run(command, capture_output=True, check=True).stdout
    # It garbles the titles of some headings, which it says once more as words.
    lines = told.decode(errors="replace").splitlines()
    said: list[str] = []
    passed_over = None
    for line in lines:
        depth = len(line) - len(line.lstrip())
        if passed_over is None or depth <= passed_over:
            # A picture has words of its own, which the page does not.
            passed_over = depth if line.strip().startswith("Figure") else None
            said += [line.strip()[1:-1]] * line.strip().startswith('"')
    return NOT_OF_THE_PAGE.sub("", "".join(said))


def should_say(page: str) -> re.Pattern[str]:
    """A pattern of every word of a page's main part in order, without spaces.

    Its list of sections has numbers of pages.
    """
    main = page.split('tabindex="-1">')[1].split("</main>")[0]
    numbered = CONTENTS.sub(lambda part: part[0].replace("</li>", NUMBER), FOLDED.sub("", main))
    numbered = SECTION.sub(lambda part: part[0] + NUMBER, numbered)
    words = entities.unescape(re.sub(r"<[^>]*>", "", numbered))
    pattern = re.escape(NOT_OF_THE_PAGE.sub("", words))
    return re.compile(pattern.replace(re.escape(NUMBER), PAGE))
