"""Why an answer is refused, in words for the guest who typed it."""

from flask_babel import lazy_gettext as _l

from eventapp.core.refusal import Refusal


class AnswerMissing(Refusal):
    code, status = "answer_missing", 422
    message = _l("Please answer the question “%(question)s”.")


class NotAnAnswer(Refusal):
    code, status = "not_an_answer", 422
    message = _l("Please choose one of the answers.")


class ChoiceGone(Refusal):
    code, status = "choice_gone", 422
    message = _l("This answer is no longer offered. Please choose again.")


class AnswerTooLong(Refusal):
    code, status = "answer_too_long", 422
    message = _l("Please write at most %(max)d characters.")


class NotANumber(Refusal):
    code, status = "not_a_number", 422
    message = _l("Please write a number, for example 12 or 3.5.")


class ThousandsMark(Refusal):
    code, status = "thousands_mark", 422
    message = _l("Please write the number without a point or comma between thousands.")


class NumberOutOfRange(Refusal):
    code, status = "number_out_of_range", 422
    message = _l("This number is too large.")


class NotADate(Refusal):
    code, status = "not_a_date", 422
    message = _l("Please give a date, for example 2026-12-04.")


class DateOutOfRange(Refusal):
    code, status = "date_out_of_range", 422
    message = _l("Please give a date between the years %(first)s and %(last)s.")


class NotAnEmail(Refusal):
    code, status = "not_an_email", 422
    message = _l("This is not a complete e-mail address. It looks like name@example.org.")


class NotAPhone(Refusal):
    code, status = "not_a_phone", 422
    message = _l("This is not a complete telephone number. It looks like +49 201 123456.")


class ConsentChanged(Refusal):
    code, status = "consent_changed", 422
    message = _l("This text has changed since you opened the page. Please read it again and decide.")


class UnknownQuestion(Refusal):
    code, status = "unknown_question", 422
    message = _l("One of these questions is no longer asked. Please look at the form again.")
