"""The mail that passes on to an organiser what somebody could not use."""

from collections.abc import Callable

from eventapp.outbox.letters import letter
from eventapp.outbox.models import Message
from eventapp.outbox.rules import Mail


def feedback(message: Message) -> Mail:
    """Write the mail about a barrier; an answer goes to whoever reported it, if there is an address."""
    text, email = message.facts["text"], message.facts["email"]
    return letter("notices/mail/feedback", message.language, reply_to=email, text_of_guest=text, email=email)


MAILS: dict[str, Callable[[Message], Mail]] = {"notices.feedback": feedback}
