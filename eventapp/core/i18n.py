"""The languages of the interface: adding one is a catalogue in `translations/` and one line here.

The address says the language of public pages; staff pages take it from the session or the account.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton, format_time, get_timezone_location
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, force_locale, get_locale, gettext, pgettext


@dataclass(frozen=True)
class Language:
    """A language of the interface: key in addresses and `lang`, Babel's name, own name, direction."""

    key: str
    babel: str
    name: str
    direction: str = "ltr"


LANGUAGES: tuple[Language, ...] = (
    Language("de", "de", "Deutsch"),
    Language("en", "en_GB", "English"),
    Language("ar", "ar", "العربية", "rtl"),
)
BY_KEY: dict[str, Language] = {language.key: language for language in LANGUAGES}
FALLBACK = "de"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "sd", "ug", "yi", "dv", "ku-arab"})

CONTENT_LANGUAGES: tuple[str, ...] = (
    "de", "en", "ar", "uk", "ru", "tr", "fa", "fr", "pl", "ti", "vi", "bg", "ro", "es", "it", "ku",
    "ps", "sq", "so", "zh",
)  # fmt: skip
"""Languages that content and guests may have, beside those of the interface."""


def interface(key: str | None) -> str:
    """Return the language of the interface for a person who speaks `key`: that language, or German."""
    return key if key in BY_KEY else FALLBACK


def direction(key: str) -> str:
    """Return `ltr` or `rtl` for any language."""
    return "rtl" if key in _RIGHT_TO_LEFT else "ltr"


@cache
def language_name(key: str) -> str:
    """Return the own name of any language, the key itself when nobody knows it."""
    if key in BY_KEY:
        return BY_KEY[key].name
    try:
        return (Locale.parse(key).get_display_name() or key).capitalize()
    except (UnknownLocaleError, ValueError):
        return key


def current_language() -> str:
    """Return the key of the language in which is written now (request, mail or forced)."""
    locale = get_locale()
    return next((x.key for x in LANGUAGES if locale is not None and x.babel.split("_")[0] == locale.language), FALLBACK)


def speaking(key: str):  # type: ignore[no-untyped-def]
    """Return a context manager in which texts are written in the language `key`, German where there is no catalogue."""
    return force_locale(BY_KEY[interface(key)].babel)


def negotiate() -> str:
    """Choose the language: the address, then `?lang=`, the session, then what the browser asks for."""
    if not has_request_context():
        return FALLBACK
    chosen = g.get("language") or session.get("language")
    if chosen in BY_KEY:
        return str(chosen)
    return request.accept_languages.best_match(list(BY_KEY)) or FALLBACK


def day(moment: datetime, zone: str) -> str:
    """Return the day in words: Donnerstag, 4. Dezember 2025."""
    return str(format_date(_local(moment, zone), "full", locale=_locale()))


def short_day(moment: datetime, zone: str) -> str:
    """Return the day without its weekday: 4. Dezember 2025."""
    return str(format_date(_local(moment, zone), "long", locale=_locale()))


def short_date(day: date) -> str:
    """Return a day as short as it can be read: 4. Dez."""
    return str(format_skeleton("MMMd", day, locale=_locale()))


def clock(moment: datetime, zone: str) -> str:
    """Return the time of day as people say it: 9:30 Uhr."""
    return str(pgettext("time of day", "%(time)s", time=bare_clock(moment, zone)))


def bare_clock(moment: datetime, zone: str) -> str:
    """Return the time of day: 9:30."""
    return str(format_time(_local(moment, zone), "H:mm", locale=_locale(), tzinfo=ZoneInfo(zone)))


def stamp(moment: datetime, zone: str) -> str:
    """Return day and time, short, for tables: 4.12.25, 9:30."""
    return str(format_datetime(_local(moment, zone), "short", locale=_locale(), tzinfo=ZoneInfo(zone)))


def moment(at: datetime, zone: str) -> str:
    """Return a deadline in words, with the zone where it is not that of Berlin: Do., 4. Dezember 2025, 9:30 Uhr."""
    words = str(gettext("%(day)s, %(times)s", day=day(at, zone), times=clock(at, zone)))
    return words if zone == "Europe/Berlin" else f"{words} ({gettext('Local time: %(zone)s', zone=zone_name(zone))})"


def zone_name(zone: str) -> str:
    """Return the city by which a zone is known: Kyiv."""
    return str(get_timezone_location(ZoneInfo(zone), locale=_locale(), return_city=True))


def init(app: Flask) -> None:
    """Bind the languages to `app`: choice of the locale and the filters of templates."""
    babel = Babel()
    babel.init_app(
        app,
        default_locale=BY_KEY[FALLBACK].babel,
        default_translation_directories=str(app.config["TRANSLATIONS"]),
        locale_selector=lambda: BY_KEY[negotiate()].babel,
    )
    app.jinja_env.filters.update(
        day=day, short_day=short_day, clock=clock, bare_clock=bare_clock, stamp=stamp, short_date=short_date
    )
    app.jinja_env.filters.update(zone_name=zone_name, moment=moment)
    app.jinja_env.globals.update(language_name=language_name, language_direction=direction)


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def _locale() -> Locale:
    return get_locale() or Locale.parse(BY_KEY[FALLBACK].babel)
