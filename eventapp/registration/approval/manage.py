"""Approvals: who waits for the organiser's decision, one or many at once, with a look at what will happen first."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventapp.accounts.rules import Permission
from eventapp.core.access import requires
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.questions.answers.queries import answers_in_words
from eventapp.registration.approval import queries, service
from eventapp.registration.approval.forms import DecisionForm
from eventapp.registration.desk.history import changes_of
from eventapp.registration.desk.queries import last_changes

bp = Blueprint("registration_approval_manage", __name__)


@bp.get("/manage/events/<slug:event>/approvals")
@requires(Permission.SEE_PARTICIPANTS)
def approvals(event: str) -> ResponseReturnValue:
    """List who waits for a decision, with what they told and what they changed."""
    del event
    return _list(set())


@bp.post("/manage/events/<slug:event>/approvals/decide")
@requires(Permission.EDIT_PARTICIPANTS)
def decide(event: str) -> ResponseReturnValue:
    """Show what a decision would do to whom; decide when that was seen.

    Whom a colleague has decided about in between is counted and left alone.
    """
    chosen, is_approved, is_seen = _choice()
    form = DecisionForm()
    if request.form.get("select") == "all":
        return _list({unit.public_id for unit in queries.list_undecided(g.event.id)})
    if not chosen or is_approved is None:
        return _list(set(), _("Please choose at least one registration."))
    if not is_seen or not form.validate_on_submit():
        return _preview(chosen, form, is_approved=is_approved)
    done, before = service.decide_all(g.event.id, chosen, is_approved=is_approved, reason=form.reason.data or "")
    _say(done, before, is_approved=is_approved)
    return redirect(url_for("registration.approval.manage.approvals", event=event), 303)


def _choice() -> tuple[list[str], bool | None, bool]:
    """Read whom a decision is about, whether they are approved (None: nothing was said), and whether it was seen."""
    words, _colon, only = request.form.get("act", "").partition(":")
    chosen = [only] if only else list(dict.fromkeys(request.form.getlist("who")))
    return chosen, {"approve": True, "decline": False}.get(words), "seen" in request.form


def _preview(chosen: list[str], form: DecisionForm, *, is_approved: bool) -> ResponseReturnValue:
    units = queries.list_undecided(g.event.id, chosen)
    if not units:
        _say(0, len(chosen), is_approved=is_approved)
        return redirect(url_for("registration.approval.manage.approvals", event=g.event.slug), 303)
    fates = queries.foresee(g.event, units)
    page = render_template(
        "registration/approval/manage/preview.html",
        event=g.event,
        form=form,
        chosen=chosen,
        is_approved=is_approved,
        reviews=[fate for fate in fates if fate.unit.review_since is not None],
        placed=[fate for fate in fates if fate.unit.review_since is None and not fate.reasons],
        waiting=[fate for fate in fates if fate.reasons],
        before=len(chosen) - len(units),
    )
    return page, form.status


def _list(ticked: set[str], error: str = "") -> ResponseReturnValue:
    units = queries.list_undecided(g.event.id)
    told = [(unit, queries.concerned(unit)) for unit in units]
    changed = [person.public_id for unit in units if unit.review_since for person in unit.participants]
    page = render_template(
        "registration/approval/manage/approvals.html",
        event=g.event,
        units=told,
        answers=answers_in_words(person.id for _unit, people in told for person in people),
        changes={who: changes_of(entry) for who, entry in last_changes(changed).items()},
        kinds=ORGANISATION_KINDS,
        ticked=ticked,
        error=error,
    )
    return page, 422 if error else 200


def _say(done: int, before: int, *, is_approved: bool) -> None:
    if done and is_approved:
        flash(ngettext("%(num)s registration is approved.", "%(num)s registrations are approved.", done), "ok")
    elif done:
        flash(ngettext("%(num)s registration is declined.", "%(num)s registrations are declined.", done), "ok")
    if before:
        flash(
            ngettext(
                "A colleague had decided about %(num)s registration already. Nothing was changed there.",
                "Colleagues had decided about %(num)s registrations already. Nothing was changed there.",
                before,
            ),
            "few",
        )
