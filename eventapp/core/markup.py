"""Markdown that organisers write, turned into safe HTML for pages and into plain text for mails and calendars."""

import re
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from eventapp.core.i18n import direction
from eventapp.core.localized import Localized

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "h4", "blockquote", "hr", "code", "table",
         "thead", "tbody", "tr", "th", "td"}  # fmt: skip
_SCHEMES = {"https", "http", "mailto", "tel"}
_HEADING = re.compile(r"^(#{1,6})(?=\s)", re.MULTILINE)
_parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).enable("table")


def html(source: str, top: int = 3) -> Markup:
    """Return Markdown as sanitised HTML; its highest heading becomes `h{top}`, and no level is left out."""
    clean = nh3.clean(
        _parser.render(_settled(source, top)),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)  # noqa: S704 - nh3 cleaned it


def _settled(source: str, top: int) -> str:
    levels = sorted({len(marks) for marks in _HEADING.findall(source)})
    last = top - 1

    def settle(heading: re.Match[str]) -> str:
        nonlocal last
        last = min(top + levels.index(len(heading[1])), last + 1, 4)
        return "#" * last

    return _HEADING.sub(settle, source)


def localized_html(value: Localized | None, top: int = 3) -> Markup:
    """Return a localized Markdown text as HTML, wrapped in its own language when it fell back."""
    picked = (value or Localized()).pick()
    body = html(picked.text, top)
    if not picked.is_fallback or not picked.text:
        return body
    return Markup('<div lang="{}" dir="{}">{}</div>').format(picked.language, direction(picked.language), body)


def plain(source: str) -> str:
    """Return Markdown as plain text, paragraphs parted by a blank line."""
    rendered = re.sub(r"</(p|li|h\d|tr)>|<br />", "\n", _parser.render(source))
    bare = nh3.clean(rendered, tags=set())
    return re.sub(r"\n{3,}", "\n\n", unescape(bare)).strip()


def paragraphs(source: str) -> Markup:
    """Return plain text as escaped paragraphs, for short notes that are not Markdown."""
    blocks = [block for block in re.split(r"\n\s*\n", source.strip()) if block]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(x) for x in b.split("\n"))) for b in blocks
    )
