"""Why something cannot be done with the programme, in words for the organiser; raised by rules and services."""

from flask_babel import lazy_gettext as _l

from eventapp.core.refusal import Refusal


class RoomNameMissing(Refusal):
    code, status, field = "room_name_missing", 422, "name"
    message = _l("Please give the room a name.")


class RoomNameTaken(Refusal):
    code, status, field = "room_name_taken", 409, "name"
    message = _l("There is a room of this name already.")


class RoomInUse(Refusal):
    code, status = "room_in_use", 409
    message = _l("Items of the programme take place in this room. Please move them first.")


class ItemTitleMissing(Refusal):
    code, status, field = "item_title_missing", 422, "title"
    message = _l("Please give the item a title.")


class ItemEndBeforeStart(Refusal):
    code, status, field = "item_end_before_start", 422, "ends_at"
    message = _l("The end must be after the start.")


class ItemTooLong(Refusal):
    code, status, field = "item_too_long", 422, "ends_at"
    message = _l("An item lasts at most 24 hours.")


class ForeignRoom(Refusal):
    code, status, field = "foreign_room", 422, "room_id"
    message = _l("We could not find this room.")


class ItemChosen(Refusal):
    code, status, field = "item_chosen", 409, "is_chosen"
    message = _l("Guests have chosen this item already, so it stays one that guests choose.")


class ItemIsPublic(Refusal):
    code, status = "item_is_public", 409
    message = _l("Guests have seen this item, and it is in their calendars. Cancel it instead of removing it.")


class SpeakerNameMissing(Refusal):
    code, status, field = "speaker_name_missing", 422, "name"
    message = _l("Please give a name.")


class ForeignSpeaker(Refusal):
    code, status, field = "foreign_speaker", 422, "people"
    message = _l("We could not find this person.")


class PersonTwice(Refusal):
    code, status, field = "person_twice", 422, "people"
    message = _l("%(name)s is on this item twice.")


class PartnerNameMissing(Refusal):
    code, status, field = "partner_name_missing", 422, "name"
    message = _l("Please give the partner a name.")


class WrongWebsite(Refusal):
    code, status, field = "wrong_website", 422, "website"
    message = _l("A web address begins with https:// or http://.")
