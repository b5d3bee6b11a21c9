"""Puts the application together: config → database → languages → web → access checks → blueprints → commands."""

from flask import Flask
from flask.blueprints import Blueprint
from flask_migrate import Migrate

from config import ROOT, Config
from eventapp import cli, gate, health, models, static
from eventapp.accounts import mails as accounts_mails
from eventapp.accounts import manage as accounts_manage
from eventapp.accounts import views as accounts_views
from eventapp.accounts.colleagues import manage as colleagues_manage
from eventapp.agenda import manage as agenda_manage
from eventapp.agenda.people import manage as agenda_people
from eventapp.calendar import views as calendar_views
from eventapp.checkin import api as checkin_api
from eventapp.checkin import manage as checkin_manage
from eventapp.checkin import views as checkin_views
from eventapp.checkin.app import views as app_views
from eventapp.checkin.conflicts import manage as conflicts_manage
from eventapp.checkin.devices import manage as devices_manage
from eventapp.checkin.entrances import service as entrances_service
from eventapp.checkin.foyer import manage as foyer_manage
from eventapp.checkin.foyer import views as foyer_views
from eventapp.checkin.history import manage as history_manage
from eventapp.checkin.kiosk import views as kiosk_views
from eventapp.checkin.live import manage as live_manage
from eventapp.checkin.manifest import api as manifest_api
from eventapp.checkin.walkins import api as walkins_api
from eventapp.checkin.walkins import views as walkins_views
from eventapp.core import db as database
from eventapp.core import i18n, log, web
from eventapp.dashboard import manage as dashboard_manage
from eventapp.dashboard.tabs import manage_tabs
from eventapp.editions import mails as editions_mails
from eventapp.editions import manage as editions_manage
from eventapp.editions import views as editions_views
from eventapp.editions.changes import manage as editions_changes
from eventapp.events import manage as events_manage
from eventapp.events import queries as events_queries
from eventapp.events import views as events_views
from eventapp.media import views as media_views
from eventapp.notices import mails as notices_mails
from eventapp.notices import manage as notices_manage
from eventapp.notices import views as notices_views
from eventapp.outbox.service import Renderer
from eventapp.questions import manage as questions_manage
from eventapp.registration import mails as registration_mails
from eventapp.registration import manage as registration_manage
from eventapp.registration import service as registration_service
from eventapp.registration import views as registration_views
from eventapp.registration.address import views as address_views
from eventapp.registration.approval import manage as approval_manage
from eventapp.registration.attention import manage as attention_manage
from eventapp.registration.codes import manage as codes_manage
from eventapp.registration.consents import views as consents_views
from eventapp.registration.deputy import views as deputy_views
from eventapp.registration.groups import mails as groups_mails
from eventapp.registration.groups import views as groups_views
from eventapp.registration.imports import manage as imports_manage
from eventapp.registration.invitations import mails as invitations_mails
from eventapp.registration.invitations import manage as invitations_manage
from eventapp.registration.invitations import service as invitations_service
from eventapp.registration.invitations import views as invitations_views
from eventapp.registration.person import manage as person_manage
from eventapp.registration.signup import views as signup_views
from eventapp.registration.waitlist import manage as waitlist_manage
from eventapp.registration.waitlist import views as waitlist_views
from eventapp.registration.waitlist.filling import service as waitlist
from eventapp.registration.wishes import views as wishes_views
from eventapp.reports import manage as reports_manage

BLUEPRINTS: tuple[tuple[str, Blueprint], ...] = (
    ("health", health.bp),
    ("static_files", static.bp),
    ("media", media_views.bp),
    ("accounts", accounts_views.bp),
    ("accounts.manage", accounts_manage.bp),
    ("accounts.colleagues", colleagues_manage.bp),
    ("notices", notices_views.bp),
    ("notices.manage", notices_manage.bp),
    ("events", events_views.bp),
    ("events.manage", events_manage.bp),
    ("agenda.manage", agenda_manage.bp),
    ("agenda.people", agenda_people.bp),
    ("questions.manage", questions_manage.bp),
    ("registration", registration_views.bp),
    ("registration.signup", signup_views.bp),
    ("registration.waitlist", waitlist_views.bp),
    ("registration.wishes", wishes_views.bp),
    ("registration.consents", consents_views.bp),
    ("registration.address", address_views.bp),
    ("registration.deputy", deputy_views.bp),
    ("registration.groups", groups_views.bp),
    ("registration.manage", registration_manage.bp),
    ("registration.invitations", invitations_views.bp),
    ("registration.invitations.manage", invitations_manage.bp),
    ("registration.imports.manage", imports_manage.bp),
    ("registration.codes.manage", codes_manage.bp),
    ("registration.person.manage", person_manage.bp),
    ("registration.attention.manage", attention_manage.bp),
    ("registration.waitlist.manage", waitlist_manage.bp),
    ("registration.approval.manage", approval_manage.bp),
    ("editions.manage", editions_manage.bp),
    ("editions.changes", editions_changes.bp),
    ("checkin", checkin_views.bp),
    ("checkin.manage", checkin_manage.bp),
    ("checkin.devices.manage", devices_manage.bp),
    ("checkin.api", checkin_api.bp),
    ("checkin.walkins", walkins_views.bp),
    ("checkin.kiosk", kiosk_views.bp),
    ("checkin.walkins.api", walkins_api.bp),
    ("checkin.app", app_views.bp),
    ("checkin.live.manage", live_manage.bp),
    ("checkin.conflicts.manage", conflicts_manage.bp),
    ("checkin.foyer", foyer_views.bp),
    ("checkin.foyer.manage", foyer_manage.bp),
    ("checkin.history.manage", history_manage.bp),
    ("checkin.manifest.api", manifest_api.bp),
    ("reports.manage", reports_manage.bp),
    ("dashboard.manage", dashboard_manage.bp),
    ("calendar", calendar_views.bp),
    ("editions", editions_views.bp),
)
"""Name and blueprint of every group of views, in the order of the map."""

MAILS: tuple[dict[str, Renderer], ...] = (
    accounts_mails.MAILS,
    notices_mails.MAILS,
    registration_mails.MAILS,
    invitations_mails.MAILS,
    groups_mails.MAILS,
    editions_mails.MAILS,
)
"""What each feature's `mails.py` can write: kind of message → function that renders it."""


def create_app(config: Config | None = None) -> Flask:
    """Make the application; settings come from the environment unless they are given."""
    config = config or Config.from_env()
    root, instance = str(ROOT), str(config.instance)
    app = Flask("eventapp", root_path=root, instance_path=instance, static_url_path=static.address())
    app.config.update(flask_settings(config))
    app.testing = config.testing
    log.init(app)
    database.init(app)
    Migrate(app, database.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    i18n.init(app)
    web.init(app)
    gate.init(app)
    app.context_processor(lambda: {"manage_tabs": manage_tabs})
    app.extensions["waiting"] = {
        "settle": waitlist.settle,
        "fill": waitlist.fill,
        "reseat": registration_service.reseat,
    }
    app.extensions["keep_category"] = _keep_category
    for name, blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint, name=name)
    app.extensions["name_events"] = events_queries.name_events
    app.extensions["mails"] = {kind: renderer for mails in MAILS for kind, renderer in mails.items()}
    cli.init(app)
    assert models.ALL, "importing the models fills the metadata"  # noqa: S101
    return app


def _keep_category(event_id: int, category_id: int) -> None:
    """Ask the features that stand below `events` whether a category may go; each raises its refusal."""
    invitations_service.keep_category(event_id, category_id)
    entrances_service.keep_category(event_id, category_id)


def flask_settings(config: Config) -> dict[str, object]:
    """Return what Flask and its extensions read from `app.config`."""
    return {
        "EVENTAPP": config,
        "SECRET_KEY": config.secret_key,
        "SECRET_KEY_FALLBACKS": list(config.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": database.engine_options(config.database_url, config.pool_size),
        "TRANSLATIONS": ROOT / "translations",
        "TRUSTED_PROXIES": config.trusted_proxies,
        "LOG_FORMAT": config.log_format,
        "MAX_CONTENT_LENGTH": config.max_upload,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "SESSION_COOKIE_NAME": "eventapp",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.is_https,
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "SEND_FILE_MAX_AGE_DEFAULT": web.FOR_EVER,
        "WTF_CSRF_CHECK_DEFAULT": False,  # the gate checks, behind its own question
    }
