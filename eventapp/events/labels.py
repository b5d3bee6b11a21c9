"""Words for the kinds of organisation, for forms, public pages and reports."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from eventapp.events.rules import OrganisationKind

ORGANISATION_KINDS: dict[OrganisationKind, LazyString] = {
    OrganisationKind.MUNICIPALITY: _l("Municipality"),
    OrganisationKind.MINISTRY: _l("Ministry or authority"),
    OrganisationKind.COMPANY: _l("Company"),
    OrganisationKind.JOB_AGENCY: _l("Employment agency or jobcentre"),
    OrganisationKind.CHAMBER: _l("Chamber"),
    OrganisationKind.UNION: _l("Trade union"),
    OrganisationKind.ASSOCIATION: _l("Association"),
    OrganisationKind.MIGRANT_ASSOCIATION: _l("Migrant organisation"),
    OrganisationKind.EDUCATION: _l("School, university or training"),
    OrganisationKind.NEWCOMER: _l("New in Germany and looking for work"),
    OrganisationKind.PRESS: _l("Press"),
    OrganisationKind.POLITICS: _l("Politics"),
    OrganisationKind.OTHER: _l("Other"),
}
