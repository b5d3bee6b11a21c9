"""Reads of pictures."""

from sqlalchemy import select

from eventapp.core.db import db
from eventapp.media.models import Picture


def find_picture(public_id: str) -> Picture | None:
    """Find a picture by the id in its address."""
    return db.session.scalar(select(Picture).where(Picture.public_id == public_id))
