"""What a browser that is locked to self check-in may still ask for."""

LOCK = "kiosk"
"""Name in the session of the event to which the browser is locked."""
FREE = frozenset(
    {"static", "checkin.kiosk.kiosk", "checkin.kiosk.leave", "checkin.api.scans", "checkin.walkins.api.walk_ins",
     "checkin.app.service_worker", "checkin.start", "checkin.api.sign_on", "accounts.sign_in"}
)  # fmt: skip
"""Endpoints that stay open: the page itself, what waits on the phone, the way out, and signing on anew when that has ended."""
