"""Stories are written in Markdown by other people: rendered by a library, raw HTML and links
off.
"""

from __future__ import annotations

from markdown_it import MarkdownIt

from sv_lib.present.markup import Html

RENDERER = MarkdownIt("commonmark", {"html": False}).disable(
    ["link", "autolink", "image", "html_inline"]
)


def story_text(markdown: str) -> Html:
    """A story as one paragraph with its emphasis; anything else in it is printed as text."""
    return Html(RENDERER.renderInline(" ".join(markdown.split())))
