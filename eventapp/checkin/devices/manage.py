"""The organiser's pages: door links with their PINs, and the devices at the door."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from eventapp.accounts.rules import Permission
from eventapp.checkin.devices import queries, service
from eventapp.checkin.devices.forms import link_form
from eventapp.checkin.queries import list_entrances
from eventapp.core import clock
from eventapp.core.access import requires
from eventapp.core.links import absolute
from eventapp.core.refusal import Refusal
from eventapp.tickets import qr

bp = Blueprint("checkin_devices", __name__)


@bp.get("/manage/events/<slug:event>/devices")
@requires(Permission.EDIT_EVENT)
def devices(event: str) -> str:
    """List the door links and the devices with their last sign of life."""
    del event
    return render_template(
        "checkin/devices/manage/devices.html",
        event=g.event,
        links=queries.list_links(g.event.id),
        devices=queries.list_devices(g.event.id),
        now=clock.now(),
    )


@bp.route("/manage/events/<slug:event>/devices/new", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def new(event: str) -> ResponseReturnValue:
    """Make a door link; the answer is the only page that shows its secrets, and loading it anew makes no other link."""
    del event
    form = link_form(list_entrances(g.event.id))
    if form.validate_on_submit():
        try:
            return _made(service.make_link(g.event.id, form.given(), current_user.id))
        except Refusal as refusal:
            form.renew()
            form.refuse(refusal)
    return render_template("checkin/devices/manage/new.html", event=g.event, form=form), form.status


@bp.post("/manage/events/<slug:event>/devices/links/<link>/end")
@requires(Permission.EDIT_EVENT)
def end(event: str, link: str) -> ResponseReturnValue:
    """End a door link and with it the sessions of its devices."""
    service.end_link(g.event.id, link)
    flash(_("The door link has ended. Its phones are signed off."), "ok")
    return redirect(url_for("checkin.devices.manage.devices", event=event), 303)


@bp.post("/manage/events/<slug:event>/devices/<device>/revoke")
@requires(Permission.EDIT_EVENT)
def revoke(event: str, device: str) -> ResponseReturnValue:
    """Sign a device off at once."""
    service.revoke(g.event.id, device)
    flash(_("The phone is signed off."), "ok")
    return redirect(url_for("checkin.devices.manage.devices", event=event), 303)


def _made(made: service.NewLink) -> str:
    address = f"{absolute('checkin.start')}#{made.secret}"
    return render_template(
        "checkin/devices/manage/made.html",
        event=g.event,
        made=made,
        address=address,
        drawn=Markup(qr.link_svg(address, label=_("QR code of the door link"))),  # noqa: S704 - drawn by us
    )
