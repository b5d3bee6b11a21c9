"""Names of things in addresses: random public ids, slugs made from titles, numbers that a column holds."""

import re
import secrets
import unicodedata

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_TRANSLITERATE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d"})
_BY_BYTE = bytes(ord(_ALPHABET[byte % 32]) for byte in range(256))
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def public_id() -> str:
    """Return 16 random characters (80 bits) without look-alikes."""
    return secrets.token_bytes(16).translate(_BY_BYTE).decode()


def slug(text: str, limit: int = 60) -> str:
    """Return `text` as an address part of a-z, 0-9 and single hyphens; empty when nothing of it can be kept."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_TRANSLITERATE))
    kept = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode())
    return kept.strip("-")[:limit].strip("-")


def number(text: str) -> int:
    """Read a number from an address or a form; raise ValueError for one that no column holds."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError("no number of ours")
    return int(text)
