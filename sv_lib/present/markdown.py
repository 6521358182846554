"""Stories are Markdown by other people: a library renders them, with raw HTML and links off."""

from __future__ import annotations

from markdown_it import MarkdownIt

from sv_lib.present.markup import Html

RENDERER = MarkdownIt("commonmark", {"html": False})
RENDERER.disable(["link", "autolink", "image", "html_inline"])


def story_text(markdown: str) -> Html:
    """A story as one paragraph with its emphasis; anything else in it is printed as text."""
    one_line = " ".join(markdown.split())
    return Html(RENDERER.renderInline(one_line))
