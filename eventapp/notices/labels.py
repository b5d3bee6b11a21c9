"""Words for the kinds of notices."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from eventapp.notices.models import NoticeKind

KINDS: dict[NoticeKind, LazyString] = {
    NoticeKind.LEGAL: _l("Legal notice"),
    NoticeKind.PRIVACY: _l("Privacy notice"),
    NoticeKind.ACCESSIBILITY: _l("Declaration on accessibility"),
}
ASKED_FOR: dict[NoticeKind, tuple[LazyString, ...]] = {
    NoticeKind.LEGAL: (
        _l("Name and legal form of the organiser, postal address"),
        _l("Who represents the organiser"),
        _l("E-mail address and a second way to reach you quickly, such as a phone number"),
        _l("Supervisory authority, register and VAT number, if there are any"),
        _l("Who is responsible for the content"),
    ),
    NoticeKind.PRIVACY: (
        _l("All controllers, also joint ones, with address"),
        _l("How to reach the data protection officer"),
        _l("What the data are for, and on which legal basis (public bodies: Art. 6(1)(e) GDPR)"),
        _l("Who receives the data"),
        _l("How long which data are kept"),
        _l("Which rights guests have, and how they use them"),
        _l("The supervisory authority to which guests may complain"),
    ),
    NoticeKind.ACCESSIBILITY: (
        _l("How far the pages meet the rules, and since when this is known"),
        _l("What is not accessible, and why"),
        _l("How guests tell you about barriers, and that you answer"),
        _l("The arbitration body, in North Rhine-Westphalia the Ombudsstelle"),
    ),
}
"""What the law asks for in each text: § 5 DDG, Art. 13 GDPR, BITV 2.0 / BITVNRW."""
