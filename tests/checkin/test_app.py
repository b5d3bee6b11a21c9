"""What the browser keeps of the door: every file that its pages name is in the list, and phones can install it."""

import json
import re
from datetime import timedelta
from pathlib import PurePosixPath

import pytest
from PIL import Image

from eventapp import static
from eventapp.accounts.rules import Role
from eventapp.checkin.app.views import assets
from eventapp.checkin.entrances.service import add_entrance
from eventapp.core import clock
from tests.make import make_account, make_event, make_organiser, sign_in
from tests.pages import Client, Visitor

pytestmark = pytest.mark.once

NAMED = re.compile(r"/static/[0-9a-f]{12}/[\w./-]+")
MODULE = re.compile(r'(?:from|import)\s*\(?"(\.{1,2}/[\w./-]+)"')


def test_the_service_worker_keeps_every_file_that_the_pages_of_the_door_name(client: Client, page: Visitor) -> None:
    organiser = make_organiser()
    now = clock.now()
    event = make_event(organiser, starts_at=now, ends_at=now + timedelta(hours=3), doors_at=None)
    add_entrance(event.id, "Nord")
    sign_in(client, make_account(organiser, Role.DOOR, event_id=event.id))
    kept = set(assets(static.address()))
    for path in ("/door/", f"/door/{event.slug}/", f"/door/{event.slug}/practice", "/door/?lang=ar"):
        named = set(NAMED.findall(page.get(path).html))
        assert named
        assert named <= kept, path
    worker = client.get("/door/service-worker.js")
    assert worker.headers["Cache-Control"] == "no-cache"
    assert worker.mimetype == "text/javascript"
    given = json.loads(worker.get_data(as_text=True).split("\n", 1)[0].removeprefix("const DOOR = ").removesuffix(";"))
    reader = f"/door/reader.worker.js?v={static.version()}"
    assert given == {"version": static.version(), "assets": [*assets(static.address()), reader]}
    assert f'data-decoder-url="{reader}"' in page.get(f"/door/{event.slug}/").html
    bridge = client.get(reader)
    assert bridge.text == f'import "{static.address()}/door/decoder.worker.js";\n'
    assert "'wasm-unsafe-eval'" in bridge.headers["Content-Security-Policy"]


def test_every_module_that_a_kept_module_loads_is_kept_too() -> None:
    start = static.address()
    for name in assets(start):
        if PurePosixPath(name).suffix != ".js" or "/vendor/" in name:
            continue
        source = (static.FOLDER / name.removeprefix(start + "/")).read_text(encoding="utf-8")
        for module in MODULE.findall(source):
            path = (static.FOLDER / name.removeprefix(start + "/")).parent / module
            found = path.resolve().relative_to(static.FOLDER).as_posix()
            assert f"{start}/{found}" in assets(start), f"{name} loads {module}"


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_phones_can_put_the_door_on_their_home_screen(client: Client, language: str, direction: str) -> None:
    answer = client.get(f"/door/app.webmanifest?lang={language}")
    found = json.loads(answer.get_data(as_text=True))
    assert answer.mimetype == "application/manifest+json"
    assert (found["start_url"], found["scope"], found["display"]) == ("/door/", "/door/", "standalone")
    assert (found["lang"], found["dir"]) == (language, direction)
    assert found["name"]
    assert {(icon["sizes"], icon["purpose"]) for icon in found["icons"]} >= {
        ("192x192", "any"),
        ("512x512", "maskable"),
    }
    for icon in found["icons"]:
        assert icon["src"] in assets(static.address())
        with Image.open(static.FOLDER / icon["src"].removeprefix(f"{static.address()}/")) as picture:
            assert "x".join(map(str, picture.size)) == icon["sizes"]
