"""An event as machines read it (schema.org/Event), for the page's JSON-LD; built from the record, in one language."""

from typing import Any

from eventapp.core.links import absolute
from eventapp.core.localized import plain
from eventapp.editions.rules import Phase
from eventapp.events.models import Event
from eventapp.events.rules import EventState


def event_schema(event: Event, language: str, phase: Phase) -> dict[str, Any]:
    """Return the event as a JSON-LD object; empty values are left out."""
    url = absolute("editions.event", lang=language, event=event.slug)
    called_off = event.state is EventState.CALLED_OFF
    told = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": plain(event.title),
        "description": plain(event.summary),
        "startDate": event.starts_at.astimezone(event.tz).isoformat(),
        "endDate": event.ends_at.astimezone(event.tz).isoformat(),
        "doorTime": event.doors_at.astimezone(event.tz).isoformat() if event.doors_at else None,
        "eventStatus": f"https://schema.org/{'EventCancelled' if called_off else 'EventScheduled'}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "inLanguage": list(event.languages),
        "location": _place(event),
        "organizer": _without_empty(
            {"@type": "Organization", "name": plain(event.organiser.name), "url": event.organiser.website}
        ),
        "offers": _offer(url, phase),
        "url": url,
    }
    return _without_empty(told)


def _place(event: Event) -> dict[str, Any]:
    place: dict[str, Any] = {
        "@type": "Place",
        "name": event.venue_name or event.venue_city,
        "address": _without_empty(
            {
                "@type": "PostalAddress",
                "streetAddress": event.venue_street,
                "postalCode": event.venue_postcode,
                "addressLocality": event.venue_city,
                "addressCountry": event.venue_country,
            }
        ),
    }
    if event.latitude is not None and event.longitude is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": event.latitude, "longitude": event.longitude}
    return place


def _offer(url: str, phase: Phase) -> dict[str, Any] | None:
    stock = {Phase.OPEN: "InStock", Phase.FULL: "SoldOut"}.get(phase)
    return {"@type": "Offer", "url": url, "availability": f"https://schema.org/{stock}"} if stock else None


def _without_empty(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value}
