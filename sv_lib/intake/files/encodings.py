"""The bytes of a text file as UTF-8, whatever a council's system wrote them in."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from sv_lib.intake.findings import file_error

HEAD = 4096
"""Bytes that tell UTF-16 without a mark from UTF-8."""
WEB_PAGE = re.compile(rb"\s*<(?:!doctype|html|table|\?xml)", re.IGNORECASE)
OLD_POUND = re.compile(rb"\x9c(?=\s*[-(]?\s*\d)")
"""A pound sign as DOS wrote it; Windows has an oe-ligature there, which never stands before a
number.
"""


@dataclass(frozen=True)
class DecodedText:
    """A text as UTF-8 with plain line ends, and the encoding it was in.

    ``odd_row``: the first row that was not UTF-8; 0 where there is none.
    """

    text: bytes
    encoding: str
    odd_row: int = 0


def as_utf8(content: bytes, name: str) -> DecodedText:
    """Decode a text file. Raises InputError for a binary file and for a web page."""
    text, encoding = _without_marks(content, name)
    if WEB_PAGE.match(text):
        raise file_error("unreadable.web_page", name)
    # Searching first saves two copies of a large file, which rarely has such line ends.
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if text.isascii():
        return DecodedText(text, encoding)
    try:
        text.decode()
    except UnicodeDecodeError as fault:
        odd_row = text.count(b"\n", 0, fault.start) + 1
        return DecodedText(*_line_by_line(text), odd_row)
    return DecodedText(text, encoding)


def _without_marks(content: bytes, name: str) -> tuple[bytes, str]:
    """UTF-16 as UTF-8, and text without its byte order mark; and what the encoding was."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _from_utf16(content, "utf-16"), "UTF-16"
    head = content[:HEAD]
    zeros = head.count(0)
    if zeros:
        # English text in UTF-16 has a zero in every second byte, always on the same side.
        zeros_behind = head[1::2].count(0)
        if zeros_behind not in (0, zeros) or zeros < len(head) * 0.4:
            raise file_error("unreadable.neither_text_nor_workbook", name)
        codec = "utf-16-le" if zeros_behind else "utf-16-be"
        return _from_utf16(content, codec), "UTF-16"
    if content.startswith(BOM_UTF8):
        return content.removeprefix(BOM_UTF8), "UTF-8 with BOM"
    return content, "UTF-8"


def _from_utf16(content: bytes, codec: str) -> bytes:
    return content.decode(codec, errors="replace").encode()


def _line_by_line(text: bytes) -> tuple[bytes, str]:
    """Each line as UTF-8 if it is that, else as Windows-1252 with DOS's pound sign.

    A file of several systems may have more encodings than one; all that were found are named.
    """
    lines = text.split(b"\n")
    found = set()
    for at, line in enumerate(lines):
        if line.isascii():
            continue
        try:
            line.decode()
            found.add("UTF-8")
        except UnicodeDecodeError:
            found.add("cp437" if OLD_POUND.search(line) else "cp1252")
            windows = OLD_POUND.sub(b"\xa3", line)
            lines[at] = windows.decode("cp1252", errors="replace").encode()
    return b"\n".join(lines), " and ".join(sorted(found))
