"""How a ticket is written in the list on a phone, and how a phone says up to where it knows the list; pure.

A phone that is lost gives away nothing: a ticket is named by a hash of its code, and nothing says whose it is. Names,
where an organiser lets phones keep them, are encrypted under the code: only who shows the ticket opens them, and who
finds its scan on a phone that has not sent it yet.
"""

import hashlib
import json
import zlib
from base64 import urlsafe_b64encode
from enum import IntEnum

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from eventapp.registration.rules import ParticipantState
from eventapp.tickets.models import TicketState

_SHAPE_BITS = 16
_KEY_BYTES = 12
_NONCE_BYTES = 12
_BLOCK_BYTES = 64


class ListedState(IntEnum):
    """Whether a ticket in the list opens the door."""

    VALID = 0
    CANCELLED = 1
    REVOKED = 2
    NOT_CONFIRMED = 3


def key_of(event: str, code: str) -> str:
    """Return the name of a ticket in the list: 16 characters of which only who has the code can make the same."""
    digest = hashlib.sha256(f"door1|{event}|{code}".encode()).digest()
    return urlsafe_b64encode(digest[:_KEY_BYTES]).decode()


def sealed(event: str, code: str, *words: str) -> str:
    """Return words that only who has the code can read: AES-256-GCM, with its 12 bytes of nonce before.

    The key is a hash of the 90 random bits of the code; the name of the ticket in the list is another one, and says
    nothing about it. The nonce is made of key and text: the same words give the same, so that a list in which nothing
    changed is the same, and other words under the same key have another one. Blanks hide how long a name is.
    """
    key = hashlib.sha256(f"name1|{event}|{code}".encode()).digest()
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()
    text = text.ljust(-(-len(text) // _BLOCK_BYTES) * _BLOCK_BYTES)
    nonce = hashlib.sha256(b"nonce1|" + key + text).digest()[:_NONCE_BYTES]
    return urlsafe_b64encode(nonce + AESGCM(key).encrypt(nonce, text, None)).decode()


def listed_state(ticket: TicketState, holder: ParticipantState) -> ListedState:
    """Return how the door treats a ticket, in the order in which the server looks too."""
    if ticket is TicketState.REVOKED:
        return ListedState.REVOKED
    if ticket is TicketState.CANCELLED or holder is ParticipantState.CANCELLED:
        return ListedState.CANCELLED
    return ListedState.VALID if holder is ParticipantState.CONFIRMED else ListedState.NOT_CONFIRMED


def shape_of(*parts: object) -> int:
    """Return a number that changes with what the indexes in the list stand for."""
    return zlib.crc32(repr(parts).encode()) & ((1 << _SHAPE_BITS) - 1)


def mark(rev: int, shape: int) -> int:
    """Return the `rev` of an answer: up to where the list is known, and what its indexes stand for.

    Stays below 2**53, the largest whole number of a script, for the first 2**37 revisions.
    """
    return rev << _SHAPE_BITS | shape


def known_since(given: int, rev: int, shape: int, least: int | None) -> int:
    """Return from which revision on a phone lacks changes; 0 is all of them.

    All: when the indexes of the tickets that it holds stand for something else now; when it has seen a later list than
    there is, because an older database was restored; and when no ticket is older than what it knows, so that all are
    sent anyway and what it holds beside them is no ticket any more. `least` is the oldest revision of the event.
    """
    since, known_shape = given >> _SHAPE_BITS, given & ((1 << _SHAPE_BITS) - 1)
    is_known = known_shape == shape and least is not None and least < since <= rev
    return since if is_known else 0
