"""The plain way to sign somebody up and to scan a ticket: lock, look, add objects, commit, request by request.

It writes the same rows as the application, for two limits, by SQLAlchemy's ORM alone, after the same check of
the form; served beside the floors. It is exact too: what it lacks is speed, and the waiting list, groups and refusals.
"""

import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Flask, jsonify, redirect, request
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from benchmarks import plain_door
from benchmarks.floors import FloorForm
from config import ROOT
from eventapp import models
from eventapp.capacity.models import EventQueue, Seat, SeatLimit
from eventapp.core import i18n, ids
from eventapp.core.audit import AuditEntry
from eventapp.core.db import engine_options
from eventapp.core.i18n import CONTENT_LANGUAGES
from eventapp.core.search import fold_email
from eventapp.events.models import Event
from eventapp.events.rules import OrganisationKind
from eventapp.outbox.models import Message, MessageState
from eventapp.registration.models import Participant, Registration
from eventapp.registration.rules import ParticipantState, identity, organisation_key, search_text, sort_key
from eventapp.tickets.models import Ticket, TicketState
from eventapp.tickets.rules import new_code


def plain_app(url: str, secret_key: str) -> Flask:
    """Make the application that signs up for the event with the address in its path."""
    app = Flask("plain")
    app.config.update(SECRET_KEY=secret_key, WTF_CSRF_TIME_LIMIT=None, TRANSLATIONS=ROOT / "translations")
    i18n.init(app)
    CSRFProtect(app)
    assert models.ALL, "foreign keys name tables of all features"
    engine = create_engine(url, **engine_options(url, 8))

    @app.get("/plain/<slug>")
    def show(slug: str) -> str:
        return f"{slug} {generate_csrf()}"

    @app.post("/plain/<slug>")
    def take(slug: str) -> Response | tuple[Any, int]:
        form = FloorForm()
        form.language.choices = [SelectChoice(key, key) for key in CONTENT_LANGUAGES]
        if not form.validate_on_submit():
            return form.errors, 422
        with Session(engine) as session:
            _sign_up(session, slug, form)
            session.commit()
        return redirect("/hello", 303)

    @app.post("/plain/<slug>/scans")
    def scan(slug: str) -> Response:
        body = request.get_json()
        with Session(engine) as session:
            results = [plain_door.take(session, slug, body["device"], one) for one in body["scans"]]
        return jsonify(results=results)

    return app


def _sign_up(session: Session, slug: str, form: FloorForm) -> None:
    event = session.scalars(select(Event).where(Event.slug == slug)).one()
    queue = session.get_one(EventQueue, event.id, with_for_update=True)
    wanted = [("event", ""), ("category", str(event.categories[0].id))]
    rows = select(SeatLimit).where(SeatLimit.event_id == event.id).order_by(SeatLimit.id).with_for_update()
    limits = [limit for limit in session.scalars(rows) if (limit.kind.value, limit.key) in wanted]
    email, given, family = form.email.data or "", form.given_name.data or "", form.family_name.data or ""
    who = identity(email, given, family)
    same = select(func.count()).where(Participant.event_id == event.id, Participant.identity == who)
    fits = all(limit.size is None or limit.taken < limit.size for limit in limits)
    if session.scalar(same) or not fits:
        raise ValueError("the measurement sends everybody once, to an event with room")
    queue.last_number += 1
    now, organisation = datetime.now(UTC), form.organisation.data or ""
    unit = Registration(
        public_id=ids.public_id(), event_id=event.id, number=queue.last_number,
        idempotency_key=secrets.token_urlsafe(24), created_at=now,
    )  # fmt: skip
    guest = Participant(
        public_id=ids.public_id(), registration=unit, event_id=event.id, state=ParticipantState.CONFIRMED,
        given_name=given, family_name=family, email=email, email_key=fold_email(email), identity=who,
        search_text=search_text("", given, family, organisation, email), sort_key=sort_key(given, family),
        organisation=organisation, organisation_key=organisation_key(organisation),
        organisation_kind=OrganisationKind.OTHER, category_id=event.categories[0].id, language=form.language.data,
        created_at=now, changed_at=now,
    )  # fmt: skip
    session.add_all([unit, guest])
    session.flush()
    for limit in limits:
        limit.taken += 1
        session.add(Seat(participant_id=guest.id, limit_id=limit.id))
    about = f"participant:{guest.public_id}"
    session.add(Ticket(participant_id=guest.id, event_id=event.id, code=new_code(), state=TicketState.VALID,
                       rev=queue.last_number, issued_at=now))  # fmt: skip
    session.add(AuditEntry(at=now, actor="guest", action="registration.confirmed", about=about, event_id=event.id,
                           facts={"number": unit.number}))  # fmt: skip
    session.add(Message(public_id=ids.public_id(), kind="registration.ticket", recipient=email, language="de",
                        facts={}, about=about, event_id=event.id, organiser_id=event.organiser_id,
                        state=MessageState.SENT, attempts=0, created_at=now, due_at=now,
                        message_id=f"<{guest.public_id}@plain>"))  # fmt: skip
