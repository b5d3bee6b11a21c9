"""Public pages: coming events, an event, its programme and its people, and what search engines ask for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from eventapp.agenda.labels import ITEM_KINDS, SPEAKER_ROLES
from eventapp.agenda.models import AgendaItem, Speaker
from eventapp.agenda.queries import get_speaker, list_items, list_partners
from eventapp.agenda.rules import ItemKind
from eventapp.core import i18n, ids
from eventapp.core.access import by_link, public
from eventapp.core.kept import kept_page
from eventapp.core.links import absolute, path
from eventapp.editions import queries
from eventapp.editions.queries import PREVIEW
from eventapp.editions.rules import Row, access_sign, by_day, timetable
from eventapp.editions.schema import event_schema
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.models import Event
from eventapp.events.rules import EventState
from eventapp.events.views import get_event_here

bp = Blueprint("editions", __name__)
Address = Callable[..., str]
_ON_STAGE = frozenset({ItemKind.PANEL, ItemKind.WELCOME, ItemKind.TALK})


@bp.get("/")
@public
def home() -> Answer:
    """Choose the language and go to the coming events."""
    return _in_my_language("editions.index")


@bp.get("/<lang:lang>/")
@public
def index(lang: str) -> str:  # noqa: ARG001 - read by the layout
    """Show the coming events of all organisers, with `?past=1` those that are over."""
    return kept_page(_index_page)


@bp.get("/<slug:event>")
@public
def choose(event: str) -> Answer:
    """Choose the language and go to the event; this is the address for posters."""
    if event in i18n.BY_KEY:
        return redirect(url_for("editions.index", lang=event), 308)
    return _in_my_language("editions.event", event=get_event_here(event).slug)


@bp.get("/<lang:lang>/<slug:event>/")
@public
def event(lang: str, event: str) -> str:
    """Show an event."""
    return kept_page(lambda: _event_page(get_event_here(event), _public_address(lang, event), lang))


@bp.get("/<lang:lang>/<slug:event>/agenda")
@public
def agenda(lang: str, event: str) -> str:
    """Show the whole programme with descriptions, people and rooms."""
    return kept_page(lambda: _agenda_page(get_event_here(event), _public_address(lang, event)))


@bp.get("/<lang:lang>/<slug:event>/people/<slug:person>")
@public
def person(lang: str, event: str, person: str) -> str:
    """Show somebody on the stage."""
    return kept_page(lambda: _person_page(get_event_here(event), person, _public_address(lang, event)))


@bp.get("/<lang:lang>/preview/<token>/")
@by_link(PREVIEW)
def preview(lang: str, token: str) -> str:
    """Show an event before it is published, as guests will see it."""
    return _event_page(queries.get_preview(token), _preview_address(lang, token), lang)


@bp.get("/<lang:lang>/preview/<token>/agenda")
@by_link(PREVIEW)
def preview_agenda(lang: str, token: str) -> str:
    """Show the programme before the event is published."""
    return _agenda_page(queries.get_preview(token), _preview_address(lang, token))


@bp.get("/<lang:lang>/preview/<token>/people/<slug:person>")
@by_link(PREVIEW)
def preview_person(lang: str, token: str, person: str) -> str:
    """Show somebody on the stage before the event is published."""
    return _person_page(queries.get_preview(token), person, _preview_address(lang, token))


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """Tell search engines what to leave alone and where the list of pages is."""
    return Response(render_template("editions/robots.txt"), mimetype="text/plain")


@bp.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """List the public pages in all languages."""
    text = render_template("editions/sitemap.xml", events=queries.list_for_sitemap(), absolute=absolute)
    return Response(text, mimetype="application/xml")


@bp.get("/favicon.ico")
@public
def favicon() -> Answer:
    """Send programs that ask by habit to the site's sign."""
    return redirect(url_for("static", filename="img/icon.svg"))


def _in_my_language(endpoint: str, **values: str) -> Answer:
    known: dict[str, Any] = {**request.args.to_dict(), **values, "lang": i18n.negotiate()}
    answer = redirect(path(endpoint, known))
    answer.vary.update(["Accept-Language", "Cookie"])
    return answer


def _public_address(lang: str, slug: str) -> Address:
    return lambda page, **values: url_for(f"editions.{page}", lang=lang, event=slug, **values)


def _preview_address(lang: str, token: str) -> Address:
    pages = {"event": "preview", "agenda": "preview_agenda", "person": "preview_person"}
    return lambda page, **values: url_for(f"editions.{pages[page]}", lang=lang, token=token, **values)


def _index_page() -> str:
    past = request.args.get("past") == "1"
    page = queries.list_events(past=past, page=request.args.get("page", 1, type=ids.number))
    stands = queries.list_stands(page.items)
    return render_template("editions/index.html", page=page, stands=stands, past=past)


def _event_page(event: Event, address: Address, lang: str) -> str:
    items, stand = list_items(event.id), queries.get_stand(event)
    return render_template(
        "editions/event.html",
        **_common(event, address),
        stand=stand,
        days=_days(event, items),
        stages=[item for item in items if _is_on_stage(item)],
        choice=_choice(items),
        partners=list_partners(event.id),
        access_sign=access_sign,
        schema=event_schema(event, lang, stand.phase) if event.state is not EventState.DRAFT else None,
    )


def _agenda_page(event: Event, address: Address) -> str:
    days, stand = _days(event, list_items(event.id)), queries.get_stand(event)
    return render_template("editions/agenda.html", **_common(event, address), stand=stand, days=days)


def _person_page(event: Event, slug: str, address: Address) -> str:
    speaker: Speaker = get_speaker(event.id, slug)
    appearances = [
        (item, role) for item in list_items(event.id) for role in item.people if role.speaker_id == speaker.id
    ]
    common = _common(event, address)
    return render_template("editions/person.html", **common, speaker=speaker, appearances=appearances)


def _common(event: Event, address: Address) -> dict[str, Any]:
    return {
        "event": event,
        "organiser": event.organiser,
        "address": address,
        "absolute": absolute,
        "is_preview": event.state is EventState.DRAFT,
        "item_kinds": ITEM_KINDS,
        "speaker_roles": SPEAKER_ROLES,
        "organisation_kinds": ORGANISATION_KINDS,
    }


def _choice(items: list[AgendaItem]) -> str:
    """Return "forum" when guests choose forums only, "other" when they choose something else too, else nothing."""
    kinds = {item.kind for item in items if item.is_chosen and not item.is_cancelled}
    return "" if not kinds else "forum" if kinds == {ItemKind.FORUM} else "other"


def _days(event: Event, items: list[AgendaItem]) -> list[tuple[datetime, list[Row[AgendaItem]]]]:
    return by_day(timetable(items), event.tz)


def _is_on_stage(item: AgendaItem) -> bool:
    return not item.is_cancelled and item.kind in _ON_STAGE and (bool(item.people) or item.kind is ItemKind.PANEL)
