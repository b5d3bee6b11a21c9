"""What every page must be: strict HTML5, one h1 that starts the title, labels, no inline code, nothing foreign.

`check` is called by the strict client for every page that any test fetches.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

from eventapp.core import i18n

CONTROLS = ("input", "select", "textarea", "button")
_UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
_RESOURCES = {
    "script": ("src",), "img": ("src", "srcset"), "source": ("src", "srcset"), "video": ("src", "poster"),
    "audio": ("src",), "iframe": ("src",), "object": ("data",), "embed": ("src",), "form": ("action",),
    "use": ("href",), "image": ("href",), "input": ("src", "formaction"), "button": ("formaction",), "track": ("src",),
}  # fmt: skip
_FOREIGN = re.compile(r"(?i)\s*(https?:)?//")
_DATA = ("application/json", "application/ld+json", "importmap")
_REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list", "form", "headers")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2066-\u2069]")
_PREFIXES = ("Fehler: ", "Error: ", "خطأ: ")
_LEFT_OVER = re.compile(r"%\([a-z_]+\)[sd]|\{\{|\{%|<Localized|Undefined")


def parse(html: str) -> Element:
    """Return the root of a page as browsers read it; it is shared, so leave it as it is."""
    return _read(html)[0]


@lru_cache(maxsize=16)  # the check and then the test look at the same page
def _read(html: str) -> tuple[Element, tuple[str, ...]]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root: Element = parser.parse(html)
    return root, tuple(f"line {at[0]}: {code} {facts}" for at, code, facts in parser.errors)


def words(element: Element) -> str:
    """Return all words inside an element as they are read: blanks folded, marks for direction and hyphens left out."""
    return " ".join(_INVISIBLE.sub("", "".join(_text(element))).split())


def form_values(form: Element) -> Iterator[tuple[str, Any]]:
    """Give name and value of every control that a browser would send unchanged; several values make a list."""
    sent: dict[str, list[str]] = {}
    for control in form.iter():
        name, kind = control.get("name"), control.get("type", "text")
        if not name or control.get("disabled") is not None or control.tag not in ("input", "select", "textarea"):
            continue
        if control.tag == "input" and kind not in ("submit", "button", "image", "reset", "file"):
            if kind not in ("checkbox", "radio") or control.get("checked") is not None:
                sent.setdefault(name, []).append(control.get("value", "on" if kind in ("checkbox", "radio") else ""))
        elif control.tag == "textarea":
            sent.setdefault(name, []).append("".join(control.itertext()).removeprefix("\n"))
        elif control.tag == "select":
            sent.setdefault(name, []).extend(_chosen(control))
    for name, values in sent.items():
        if values:
            yield name, values[0] if len(values) == 1 else values


def check(html: str, headers: Mapping[str, str], where: str) -> None:
    """Raise an AssertionError that lists everything that is wrong with a page."""
    root, faults = _read(html)
    wrong = list(faults)
    for rule in (_head, _headings, _labels, _inline, _foreign, _references, _leftovers):
        wrong += rule(root)
    wrong += _policy(root, headers)
    if wrong:
        raise AssertionError(f"{where} is not a good page:\n  " + "\n  ".join(wrong))


def _head(root: Element) -> Iterator[str]:
    language = root.get("lang", "")
    if language not in i18n.BY_KEY:
        yield f"html lang is {language!r}"
    elif root.get("dir", "") != i18n.BY_KEY[language].direction:
        yield f"html dir is {root.get('dir')!r} for {language}"
    if not any("width=device-width" in (x.get("content") or "") for x in root.iter("meta")):
        yield "no viewport"


def _headings(root: Element) -> Iterator[str]:
    tops, titles = [words(x) for x in root.iter("h1")], [words(x) for x in root.iter("title")]
    if len(tops) != 1:
        yield f"{len(tops)} h1: {tops}"
        return
    title = titles[0] if titles else ""
    bare = next((title.removeprefix(x) for x in _PREFIXES if title.startswith(x)), title)
    if not tops[0] or not bare.startswith(tops[0]):
        yield f"the title {title!r} does not start with the h1 {tops[0]!r}"


def _labels(root: Element) -> Iterator[str]:
    labelled = {x.get("for") for x in root.iter("label") if words(x)}
    wrapped = {id(control) for label in root.iter("label") if words(label) for control in label.iter()}
    for control in root.iter():
        if control.tag not in CONTROLS or (control.get("type") in _UNLABELLED and control.tag == "input"):
            continue
        named = control.get("aria-label") or control.get("aria-labelledby") or id(control) in wrapped
        if control.tag == "button":
            named = named or words(control)
        if not named and (not control.get("id") or control.get("id") not in labelled):
            yield f"no label for <{control.tag} name={control.get('name')!r} id={control.get('id')!r}>"
    for link in root.iter("a"):
        if link.get("href") and not (
            words(link) or link.get("aria-label") or any(x.get("alt") for x in link.iter("img"))
        ):
            yield f"a link to {link.get('href')} without words"
    for picture in root.iter("img"):
        if picture.get("alt") is None:
            yield f"no alt for {picture.get('src')}"


def _inline(root: Element) -> Iterator[str]:
    for element in root.iter():
        tag = str(element.tag).rsplit("}", 1)[-1]
        if tag == "style":
            yield "inline <style>"
        if tag == "script" and not element.get("src") and element.get("type") not in _DATA:
            yield "inline <script>"
        for name in dict(element.items()):
            if name == "style" or (name.startswith("on") and name.isalpha()):
                yield f"<{tag} {name}=…>"
            if name in ("href", "src", "action") and element.get(name, "").strip().lower().startswith("javascript:"):
                yield f"<{tag} {name}='javascript:…'>"


def _foreign(root: Element) -> Iterator[str]:
    for element in root.iter():
        tag = str(element.tag).rsplit("}", 1)[-1]
        names = _RESOURCES.get(tag, ())
        if tag == "link" and not {"canonical", "alternate"} & set((element.get("rel") or "").split()):
            names = ("href",)
        for name in names:
            value = element.get(name) or element.get("{http://www.w3.org/1999/xlink}" + name) or ""
            if any(_FOREIGN.match(part) for part in value.split(",")):
                yield f"<{tag} {name}={value!r}> from another host"


def _references(root: Element) -> Iterator[str]:
    ids = [str(x.get("id")) for x in root.iter() if x.get("id")]
    for twice in sorted({x for x in ids if ids.count(x) > 1}):
        yield f"the id {twice!r} is used {ids.count(twice)} times"
    for element in root.iter():
        for name in _REFERENCES:
            for wanted in (element.get(name) or "").split():
                if wanted not in ids:
                    yield f"<{element.tag} {name}={wanted!r}> names nothing"
        href = element.get("href", "")
        if element.tag == "a" and href.startswith("#") and href[1:] not in ("", "top", *ids):
            yield f"a link to {href}, which is not there"


def _leftovers(root: Element) -> Iterator[str]:
    for body in root.iter("body"):
        found = _LEFT_OVER.search(words(body))
        if found:
            yield f"{found[0]!r} stands in the text"


def _policy(root: Element, headers: Mapping[str, str]) -> Iterator[str]:
    policy = headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe-inline" in policy or "'unsafe-eval'" in policy:
        yield f"weak Content-Security-Policy: {policy!r}"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "X-Content-Type-Options is missing"
    if "charset=utf-8" not in headers.get("Content-Type", "").lower():
        yield f"Content-Type is {headers.get('Content-Type')!r}"
    for script in root.iter("script"):
        if script.get("type") not in _DATA and (
            not script.get("nonce") or f"'nonce-{script.get('nonce')}'" not in policy
        ):
            yield f"<script src={script.get('src')!r}> without the nonce of the answer"


def _text(element: Element) -> Iterator[str]:
    if element.tag in ("script", "style", "template"):
        return
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _text(child)
        yield child.tail or ""
    if element.tag in ("p", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "div", "br", "option", "label", "tr"):
        yield " "


def _chosen(select: Element) -> list[str]:
    options = [x for x in select.iter("option") if x.get("disabled") is None]
    picked = [x for x in options if x.get("selected") is not None]
    if not picked and select.get("multiple") is None:
        picked = options[:1]
    return [x.get("value") if x.get("value") is not None else words(x) for x in picked]  # type: ignore[misc]
