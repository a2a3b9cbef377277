"""The texts of the documentation: Markdown, one file a text and language, rendered when first read."""

from functools import cache
from pathlib import Path

from servicedesk.core.vocabulary import Language

FOLDER = Path(__file__).parent
# In the order in which the menu shows them.
TEXTS = ("guide", "webhooks", "versions")


@cache
def text_of(name: str, language: Language) -> str:
    """As HTML. No text says anything in HTML of its own."""
    from markdown_it import MarkdownIt  # read by few, so no process carries it before it is asked for

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    html = str(markdown.render((FOLDER / f"{name}.{language}.md").read_text(encoding="utf-8")))
    # What may be wider than the page is scrolled by keys.
    return html.replace("<pre>", '<pre tabindex="0">')
