"""What a ticket code is: how it is made, read from a scanner or a keyboard, checked and written for people.

A code has 20 characters of Crockford's base 32, all of them in the alphanumeric set of a QR code: a letter that names
the format (``T`` ticket, ``P`` practice), 18 characters, and a check character. Called by tickets, checkin and the
pages that show a code; knows no database, so "is this a real ticket" is answered elsewhere.
"""

import re
import secrets
import unicodedata
from enum import StrEnum
from functools import cache

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
LENGTH = 20
TICKET = "T"
PRACTICE = "P"

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_ADDRESS = re.compile(r"^HTTPS?://[^/?#]+/T/([^/?#]+)", re.IGNORECASE)
_LONGEST_SCAN = 2000
_LONGEST_CODE = 60
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2): 2 generates all 31 non-zero elements


class Practice(StrEnum):
    """The answers that practice codes ask for; the values are the door's reasons."""

    ADMIT = "ok"
    ALREADY_ADMITTED = "already_admitted"
    CANCELLED = "cancelled"
    NOT_CONFIRMED = "not_confirmed"
    OTHER_EVENT = "other_event"
    UNKNOWN = "unknown"


_PRACTICE_LETTERS = {
    "A": Practice.ADMIT,
    "B": Practice.ALREADY_ADMITTED,
    "C": Practice.CANCELLED,
    "N": Practice.NOT_CONFIRMED,
    "E": Practice.OTHER_EVENT,
    "X": Practice.UNKNOWN,
}


def new_code() -> str:
    """Make a new ticket code with 90 bits from the system's random source."""
    body = TICKET + "".join(ALPHABET[byte % 32] for byte in secrets.token_bytes(LENGTH - 2))
    return body + check_character(body)


def practice_code(meaning: Practice, number: int = 1) -> str:
    """Make the practice code for an answer; the same meaning and number (0 to 9999) always give the same code."""
    if not 0 <= number <= 9999:
        raise ValueError("practice codes are numbered 0 to 9999")
    letter = next(letter for letter, known in _PRACTICE_LETTERS.items() if known is meaning)
    body = f"{PRACTICE}{letter}{number:017d}"
    return body + check_character(body)


def read_code(text: str) -> str | None:
    """Read a code as scanned or typed; None if it is not one.

    Accepts blanks, dashes, small letters, digits of other scripts, O for 0, I and L for 1, and the address
    ``https://host/t/<code>``. The answer is the 20 characters as stored, of a ticket or a practice code.
    """
    if len(text) > _LONGEST_SCAN:
        return None
    stripped = text.strip()
    address = _ADDRESS.match(stripped)
    written = address.group(1) if address else stripped
    if len(written) > _LONGEST_CODE:
        return None
    code = "".join(_plain(character) for character in unicodedata.normalize("NFKC", written))
    code = code.upper().translate(_MISREAD)
    return code if is_code(code) else None


def is_code(code: str) -> bool:
    """Tell whether this is exactly a code as stored: known letter in front, alphabet, length and check character."""
    return (
        len(code) == LENGTH
        and code[0] in (TICKET, PRACTICE)
        and all(character in _VALUES for character in code)
        and check_character(code[:-1]) == code[-1]
    )


def is_practice(code: str) -> bool:
    """Tell whether a code is for practising: it is never a ticket, whatever the database holds."""
    return code.startswith(PRACTICE)


def practice_meaning(code: str) -> Practice | None:
    """Give the answer that a practice code asks for; None for tickets. An unnamed kind counts as unknown."""
    if not is_practice(code):
        return None
    return _PRACTICE_LETTERS.get(code[1:2], Practice.UNKNOWN)


def grouped(code: str) -> str:
    """Write a code in groups of four with blanks between, as it is printed and read out."""
    return " ".join(groups(code))


def groups(code: str) -> tuple[str, ...]:
    """Divide a code into its groups of four."""
    return tuple(code[start : start + 4] for start in range(0, len(code), 4))


def check_character(body: str) -> str:
    """Compute the check character of the characters before it.

    Each value is multiplied, in the field of 32 elements, by its own power of the generator, and all are added (xor).
    Position i has weight 2^(i+1), the check character 1; all 20 weights differ. So one wrong character changes the sum
    (a product of two non-zero elements is not zero), and so does swapping any two unequal characters, adjacent or not
    (the sum changes by the product of two differences). A plain sum modulo 32 cannot do both; modulo 37 needs
    characters outside the alphabet.
    """
    total = 0
    for position, character in enumerate(body):
        value = _VALUES[character]
        if value:
            total ^= _powers()[(_logarithms()[value] + position + 1) % 31]
    return ALPHABET[total]


def _plain(character: str) -> str:
    """Give the ASCII form of a typed character: nothing for what only divides groups."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character in "._" or unicodedata.category(character) in ("Zs", "Cc", "Cf", "Pd"):
        return ""
    return character


@cache
def _powers() -> tuple[int, ...]:
    """List the 31 powers of the generator in GF(32)."""
    powers = [1]
    while len(powers) < 31:
        doubled = powers[-1] << 1
        powers.append(doubled ^ _POLYNOMIAL if doubled & 32 else doubled)
    return tuple(powers)


@cache
def _logarithms() -> dict[int, int]:
    """Give for each non-zero element the power that makes it."""
    return {element: power for power, element in enumerate(_powers())}
