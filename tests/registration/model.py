"""A small reference model of who gets which seat and when, written from the rules in words, not from the application.

It keeps no counters: what is taken is counted anew from the people whenever it is asked. The stateful test lets the
services and this model do the same and compares where everybody stands, and which mails were written.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Ref = tuple[str, int | str]
EVENT: Ref = ("event", "")
HOLDS = frozenset({"unconfirmed", "offered", "confirmed"})
ENDED = frozenset({"cancelled", "expired", "declined"})
PERSONAL = frozenset({"ticket", "cancelled", "deputy", "wish_offer", "swapped"})
Key = tuple[int, int]
"""Number and part of a unit."""


class Refused(Exception):
    """The act must be refused; the argument is the code of the reason."""


@dataclass
class Guest:
    id: int
    email: str
    category: int
    organisation: str = ""
    items: set[int] = field(default_factory=set)
    state: str = ""


@dataclass
class Unit:
    number: int
    people: list[Guest]
    contact: str = ""
    """E-mail of who registered a group; empty for one person."""
    is_each: bool = True
    part: int = 0
    ahead: int = 0
    offer_until: datetime | None = None
    hold_until: datetime | None = None
    in_review: bool = False

    @property
    def key(self) -> Key:
        return self.number, self.part

    @property
    def living(self) -> list[Guest]:
        return [guest for guest in self.people if guest.state not in ENDED]

    def those(self, *states: str) -> list[Guest]:
        return [guest for guest in self.people if guest.state in states]


@dataclass
class Wish:
    number: int
    guest: Guest
    item: int
    state: str = "waiting"
    until: datetime | None = None


@dataclass
class Category:
    size: int | None = None
    reserved: int = 0
    release: datetime | None = None
    needs_approval: bool = False


@dataclass
class Seating:
    """An event with all that is known of its seats and people."""

    now: datetime
    day: datetime
    """When the day of the event begins on the wall of its place."""
    starts: datetime
    ends: datetime
    size: int | None
    categories: dict[int, Category]
    items: dict[int, int | None]
    """Size of each item that is chosen."""
    slots: dict[int, int]
    """Items with the same slot run at the same time."""
    organisation_size: int | None = None
    offer_hours: int | None = None
    confirms_on_the_day: bool = True
    address_minutes: int | None = None
    reviews_changes: bool = False
    units: list[Unit] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    last_number: int = 0
    mails: list[tuple[str, str]] = field(default_factory=list)
    """Kind and recipient."""

    # What there is, counted from the people

    def guests(self) -> list[Guest]:
        return [guest for unit in self.units for guest in unit.people]

    def guest(self, row_id: int) -> Guest:
        return next(guest for guest in self.guests() if guest.id == row_id)

    def unit(self, key: Key) -> Unit:
        return next(unit for unit in self.units if unit.key == key)

    def unit_of(self, guest: Guest) -> Unit:
        return next(unit for unit in self.units if any(guest is one for one in unit.people))

    def asks(self, guest: Guest) -> set[Ref]:
        refs: set[Ref] = {EVENT, ("category", guest.category), *(("item", item) for item in guest.items)}
        if guest.organisation and self.organisation_size is not None:
            refs.add(("organisation", guest.organisation))
        return refs

    def holds(self, guest: Guest) -> set[Ref]:
        if guest.state not in HOLDS:
            return set()
        offered = {wish.item for wish in self.wishes if wish.guest is guest and wish.state == "offered"}
        return self.asks(guest) | {("item", item) for item in offered}

    def taken(self) -> Counter[Ref]:
        return Counter(ref for guest in self.guests() for ref in self.holds(guest))

    def size_of(self, ref: Ref) -> int | None:
        kind, key = ref
        if kind == "event":
            return self.size
        if kind == "category":
            return self.categories[int(key)].size
        return self.items[int(key)] if kind == "item" else self.organisation_size

    def reserve(self, category: int) -> int:
        kind = self.categories[category]
        return kind.reserved if kind.release is None or self.now < kind.release else 0

    def need(self, people: Iterable[Guest]) -> Counter[Ref]:
        return Counter(ref for guest in people for ref in self.asks(guest))

    # Does it fit?

    def full(self, need: Counter[Ref]) -> list[Ref]:
        taken = self.taken()
        return [
            ref
            for ref, seats in need.items()
            if seats > 0 and (size := self.size_of(ref)) is not None and taken[ref] + seats > size
        ]

    def is_kept(self, need: Counter[Ref]) -> bool:
        """Tell whether the places that it would use are kept for others."""
        if self.size is None or EVENT in self.full(need):
            return False
        taken = self.taken()
        counts = [(taken[ref], need[ref], self.reserve(c)) for c in self.categories if (ref := ("category", c))]
        before = sum(max(has, kept) for has, _, kept in counts)
        after = sum(max(has + more, kept) for has, more, kept in counts)
        return after > before and after > self.size

    def fits(self, need: Counter[Ref]) -> bool:
        return not self.full(need) and not self.is_kept(need)

    def too_large(self, people: Iterable[Guest]) -> set[Ref]:
        need = self.need(people)
        return {ref for ref, seats in need.items() if (size := self.size_of(ref)) is not None and seats > size}

    # Time, and who waits

    def waiting(self) -> list[Unit | Wish]:
        units = [unit for unit in self.units if unit.those("waitlisted")]
        wishes = [wish for wish in self.wishes if wish.state == "waiting"]
        return sorted([*units, *wishes], key=lambda x: (-x.ahead, x.number, x.part) if isinstance(x, Unit)
                      else (0, x.number, 0))  # fmt: skip

    def need_of(self, one: Unit | Wish) -> Counter[Ref]:
        return self.need(one.those("waitlisted")) if isinstance(one, Unit) else Counter({("item", one.item): 1})

    def is_eligible(self, one: Unit | Wish) -> bool:
        return isinstance(one, Wish) or one.hold_until is None

    def until(self) -> datetime | None:
        """Return until when an offer made now stands; None: who is next has the place at once."""
        if self.offer_hours is None:
            return None
        if self.now < self.day:
            third = (self.day - self.now) / 3
            return self.now + max(timedelta(hours=1), min(third, timedelta(hours=self.offer_hours)))
        if self.confirms_on_the_day:
            return None
        return self.starts if self.now < self.starts else self.ends

    def settle(self) -> None:
        for unit in sorted(self.units, key=lambda unit: unit.key):
            late = unit.those("offered") if unit.offer_until is not None and unit.offer_until <= self.now else []
            if late:
                self.become(late, "expired")
                self.tell(unit, late, "expired")
                unit.offer_until = None
        for unit in self.units:
            late = unit.those("unconfirmed", "waitlisted", "to_approve")
            if late and unit.hold_until is not None and unit.hold_until <= self.now:
                self.become(late, "expired")
        for wish in self.wishes:
            if wish.state == "offered" and wish.until is not None and wish.until <= self.now:
                wish.state = "expired"
        self.fill()

    def fill(self, *at_once: Unit) -> None:
        """Go through the list until nobody in it fits any more."""
        while self.now < self.ends:
            one = next((x for x in self.waiting() if self.is_eligible(x) and self.fits(self.need_of(x))), None)
            if one is None:
                return
            until = None if any(one is unit for unit in at_once) else self.until()
            if isinstance(one, Wish):
                self._offer_item(one, until)
                continue
            people = one.those("waitlisted")
            self.become(people, "confirmed" if until is None else "offered")
            one.offer_until = until
            self.tell(one, people, "ticket" if until is None else "offer")

    def _offer_item(self, wish: Wish, until: datetime | None) -> None:
        if until is None:
            self.swap(wish)
        else:
            wish.state, wish.until = "offered", until
            self.tell(self.unit_of(wish.guest), [wish.guest], "wish_offer")

    def swap(self, wish: Wish) -> None:
        wish.state = "fulfilled"
        same = {item for item in wish.guest.items if self.slots[item] == self.slots[wish.item]}
        wish.guest.items = (wish.guest.items - same) | {wish.item}
        self.tell(self.unit_of(wish.guest), [wish.guest], "swapped")

    def become(self, people: Collection[Guest], state: str) -> None:
        for guest in people:
            guest.state = state
            for wish in self.wishes:
                if wish.guest is guest and wish.state in ("waiting", "offered") and state not in HOLDS:
                    wish.state = "withdrawn"

    def tell(self, unit: Unit, people: Collection[Guest], kind: str) -> None:
        """Write one mail a person; for a group one to its contact, and one to each if so chosen and it is theirs.

        An address that nobody has confirmed yet gets the mail that asks for it and no other.
        """
        if unit.hold_until is not None and kind != "address":
            return
        if not unit.contact or (unit.is_each and kind in PERSONAL):
            self.mails += [(kind, guest.email) for guest in people]
        if unit.contact and people:
            self.mails.append((f"group {kind}", unit.contact))

    def draw(self) -> int:
        self.last_number += 1
        return self.last_number
