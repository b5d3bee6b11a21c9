"""Signed links: they open what they were made for, in this version, until they expire, also after a new key."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from eventapp.core import clock as now
from eventapp.core import ids, signing


def _fits(purpose: str, token: str, version: int = 1) -> bool:
    claim = signing.read(purpose, token)
    return claim is not None and claim.fits(version)


def test_a_link_opens_what_it_was_made_for(app: Flask) -> None:
    public_id = ids.public_id()
    token = signing.make("my", public_id, 1)
    claim = signing.read("my", token)
    assert claim is not None
    assert claim.public_id == public_id
    assert claim.fits(1)
    assert token == signing.make("my", public_id, 1), "the same link can be printed again"
    assert not _fits("calendar", token)
    assert not _fits("my", token, 2), "a new version revokes it"


@pytest.mark.parametrize("change", ["x{}", "{}x", "{}.1", "", ".", "..", "a.b", "a.zz.b", "{0}{0}{0}{0}", "ä.{}"])
def test_a_link_that_was_changed_opens_nothing(app: Flask, change: str) -> None:
    assert not _fits("my", change.format(signing.make("my", "abcdefgh", 1)))


def test_a_link_expires(app: Flask, clock: time_machine.Traveller) -> None:
    token = signing.make("reset", "abcdefgh", 1, expires=now.now() + timedelta(hours=1))
    assert _fits("reset", token)
    later = signing.make("reset", "abcdefgh", 1, expires=now.now() + timedelta(hours=9)).split(".")[1]
    assert not _fits("reset", ".".join([token.split(".")[0], later, token.split(".")[2]]))
    clock.shift(timedelta(hours=1, seconds=2))
    assert not _fits("reset", token)


def test_old_links_open_while_their_key_is_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    token = signing.make("my", "abcdefgh", 1)
    old = app.config["SECRET_KEY"]
    monkeypatch.setitem(app.config, "SECRET_KEY", "n" * 32)
    assert not _fits("my", token)
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [old])
    assert _fits("my", token)


def test_public_ids_are_long_and_slugs_are_plain() -> None:
    assert len({ids.public_id() for _ in range(1000)}) == 1000
    assert len(ids.public_id()) == 16
    assert ids.slug("NRW integrativ – Essen, Übergänge & Straße!") == "nrw-integrativ-essen-uebergaenge-strasse"
    assert ids.slug("Łódź  Øst ı") == "lodz-ost-i"
    assert ids.slug("مرحبا") == ""
    assert ids.slug("a-" * 80) == "a-" * 29 + "a"
