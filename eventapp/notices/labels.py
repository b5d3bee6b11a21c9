"""Words for the kinds of notices."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from eventapp.notices.models import NoticeKind

KINDS: dict[NoticeKind, LazyString] = {
    NoticeKind.LEGAL: _l("Legal notice"),
    NoticeKind.PRIVACY: _l("Privacy notice"),
    NoticeKind.ACCESSIBILITY: _l("Declaration on accessibility"),
}
