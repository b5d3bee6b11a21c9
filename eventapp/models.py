"""Imports every feature's models, so that foreign keys that name a later table as text find it."""

from eventapp.accounts import models as accounts
from eventapp.agenda import models as agenda
from eventapp.capacity import models as capacity
from eventapp.checkin import models as checkin
from eventapp.checkin.conflicts import models as conflicts
from eventapp.core import audit, limits, schedule
from eventapp.events import models as events
from eventapp.media import models as media
from eventapp.notices import models as notices
from eventapp.outbox import models as outbox
from eventapp.questions import models as questions
from eventapp.registration import models as registration
from eventapp.registration.attention import models as attention
from eventapp.registration.codes import models as codes
from eventapp.registration.invitations import models as invitations
from eventapp.tickets import models as tickets

ALL = (
    audit,
    limits,
    schedule,
    outbox,
    media,
    accounts,
    notices,
    capacity,
    events,
    agenda,
    questions,
    tickets,
    registration,
    invitations,
    codes,
    attention,
    checkin,
    conflicts,
)
