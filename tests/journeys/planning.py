"""What an organiser does in the editor to set an event up, page after page, as a person would in the browser.

Used by the journey of a whole day; steps only, and the one event that they make.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

ZONE = ZoneInfo("Europe/Berlin")
TITLE, TITLE_AR = "Gemeinsam vor Ort", "معًا في المكان نفسه"
ROOMS = ("Großer Saal", "Raum 1", "Raum 2", "Raum 3")
MODERATOR = "Elke Kappen"
SPEAKERS = (MODERATOR, "Ömer Yılmaz", "Dr. Anna Weiß", "أمل الحداد", "Nguyễn Thị Hòa", "Олена Коваленко")


@dataclass(frozen=True)
class Part:
    """One item of the programme, its minutes counted from the start of the event."""

    title: str
    kind: str
    begins: int
    ends: int
    room: str
    people: tuple[str, ...]

    @property
    def is_chosen(self) -> bool:
        """Guests choose among the forums."""
        return self.kind == "forum"

    def role(self, place: int) -> str:
        """Return the role of the person at a place of the list."""
        if self.kind != "panel":
            return "speaker"
        return "panelist" if place else "moderator"

    def span(self, start: datetime) -> tuple[datetime, datetime]:
        """Return when the item begins and ends in an event that begins at `start`."""
        return start + timedelta(minutes=self.begins), start + timedelta(minutes=self.ends)


PROGRAMME = (
    Part("Wie Integration vor Ort gelingt", "panel", 15, 75, ROOMS[0], SPEAKERS[:3]),
    Part("Sprache im Betrieb", "forum", 90, 150, ROOMS[1], SPEAKERS[3:4]),
    Part("Anerkennung von Abschlüssen", "forum", 90, 150, ROOMS[2], SPEAKERS[4:5]),
    Part("Ausbildung und Ehrenamt", "forum", 90, 150, ROOMS[3], SPEAKERS[5:6]),
    Part("Was wir mitnehmen", "panel", 165, 225, ROOMS[0], (MODERATOR, *SPEAKERS[3:5])),
)


def on_the_clock(moment: datetime) -> str:
    """Write a moment as a person types it into a field of day and time."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def fill(page: Page, form: str, values: Mapping[str, Any]) -> None:
    """Fill in a form: text is typed, True ticks a box, and in a select the choice with these words is taken."""
    for name, value in values.items():
        control = page.locator(f"{form} [name='{name}']")
        if value is True:
            control.check()
        elif control.evaluate("it => it.tagName") == "SELECT":
            choice = control.locator("option").filter(has_text=value)
            control.select_option(value=choice.first.get_attribute("value"))
        else:
            control.fill(value)


def save(page: Page, values: Mapping[str, Any], form: str = "main form.ev-form") -> None:
    """Fill in a form, send it, and expect that nothing is wrong."""
    fill(page, form, values)
    page.locator(f"{form} button[type=submit]").first.click()
    page.wait_for_load_state()
    assert page.locator("[role=alert]").count() == 0, page.locator("[role=alert]").inner_text()


def create(page: Page, organiser: str, start: datetime) -> str:
    """Make the draft and fill its sections; return its address under /manage."""
    root = page.url.split("/manage")[0]
    page.goto(f"{root}/manage/organisers/{organiser}/events/new")
    ends = start + timedelta(hours=4)
    save(page, {"title-de": TITLE, "starts_at": on_the_clock(start), "ends_at": on_the_clock(ends)})
    event = page.url.split("/basics")[0]
    page.goto(f"{event}/languages")
    page.get_by_label("العربية").check()
    save(page, {})
    page.goto(f"{event}/basics?beside=ar")
    save(page, {"title-ar": TITLE_AR, "summary-de": "Ein Tag für alle, die Menschen in Arbeit bringen."})
    page.goto(f"{event}/time-place")
    place = {"venue_name": "Ruhr Tech Kampus", "venue_street": "ThyssenKrupp Allee 1", "venue_postcode": "45143"}
    save(page, {**place, "venue_city": "Essen", "access_summary-de": "Alle Räume ohne Stufen."})
    page.goto(f"{event}/categories/new")
    save(page, {"label-de": "Verein", "label-ar": "جمعية", "seats": "40"})
    page.goto(f"{event}/entrances")
    save(page, {"name": "Nord"}, "form.ev-sheet")
    return event


def write_programme(page: Page, event: str, start: datetime) -> None:
    """Add the rooms, the people, and each item with its people, the first of a panel as moderator."""
    for room in ROOMS:
        page.goto(f"{event}/rooms")
        save(page, {"name": room, "seats": "60"}, "form.ev-sheet")
    for name in SPEAKERS:
        page.goto(f"{event}/people/new")
        save(page, {"name": name, "position-de": "Vorstand", "organisation": "Brücke e. V."})
    for part in PROGRAMME:
        page.goto(f"{event}/agenda/new")
        begins, ends = part.span(start)
        seats = {"is_chosen": True, "seats": "20"} if part.is_chosen else {}
        when = {"starts_at": on_the_clock(begins), "ends_at": on_the_clock(ends)}
        page.locator("form.ev-sheet [name=kind]").select_option(part.kind)
        save(page, {"title-de": part.title, "room_id": part.room, **when, **seats}, "form.ev-sheet")
        for place, name in enumerate(part.people):
            page.locator("#people [name=add_role]").select_option(part.role(place))
            save(page, {"add": name}, "#people")


def publish(page: Page, event: str) -> str:
    """See that the checklist has nothing against it and publish; return the word in the event's public address."""
    page.goto(f"{event}/publish")
    expect(page.get_by_text("Muss vor der Veröffentlichung", exact=False)).to_have_count(0)
    page.get_by_role("button", name="Jetzt veröffentlichen").click()
    expect(page.get_by_text("Alle sehen")).to_be_visible()
    return event.rsplit("/", 1)[1]
