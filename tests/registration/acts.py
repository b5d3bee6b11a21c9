"""What can be done with the seats of the reference model, one function an act, as the rules tell it in words."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from tests.registration.model import ENDED, HOLDS, Guest, Key, Ref, Refused, Seating, Unit, Wish


class House(Seating):
    """An event in which somebody acts."""

    def _check_time(self) -> None:
        if self.now >= self.ends:
            raise Refused("over")

    def arrive(self, people: list[Guest], *, contact: str = "", is_each: bool = True, over: bool = False) -> str:
        """Sign people up; `over`: by the organiser, beyond what is full."""
        self.settle()
        self._check_time()
        if not over and self.too_large(people):
            raise Refused("too_small")
        fits = self.fits(self.need(people))
        unit = Unit(self.draw(), people, contact, is_each)
        if self.address_minutes is not None and not over:
            unit.hold_until = self.now + timedelta(minutes=self.address_minutes)
        if not over and any(self.categories[guest.category].needs_approval for guest in people):
            state = "to_approve"
        elif fits or over:
            state = "unconfirmed" if unit.hold_until else "confirmed"
        else:
            state = "waitlisted"
        self.units.append(unit)
        self.become(people, state)
        self.tell(unit, people, "address" if unit.hold_until else {"confirmed": "ticket"}.get(state, state))
        return state

    def accept(self, key: Key) -> None:
        self.settle()
        unit = self.unit(key)
        if offered := unit.those("offered"):
            self.become(offered, "confirmed")
            unit.offer_until = None
            self.tell(unit, offered, "ticket")
        elif expired := unit.those("expired"):
            self._come_back(unit, expired, asks_address=unit.hold_until is not None)
        elif unit.people and not unit.those("confirmed"):
            raise Refused("not_offered")
        self.fill()

    def decline_offer(self, key: Key) -> None:
        self.settle()
        unit = self.unit(key)
        offered = unit.those("offered")
        if not offered and unit.those("confirmed"):
            raise Refused("not_offered")
        self.become(offered, "cancelled")
        unit.offer_until = None
        self.tell(unit, offered, "cancelled")
        self.fill()

    def confirm_address(self, key: Key) -> None:
        self.settle()
        for unit in sorted((x for x in self.units if x.number == key[0] and x.hold_until), key=lambda x: x.key):
            if expired := unit.those("expired") if not unit.living else []:
                self._come_back(unit, expired)
                continue
            unit.hold_until = None
            if held := unit.those("unconfirmed"):
                self.become(held, "confirmed")
                self.tell(unit, held, "ticket")
            self._stand(unit)
        self.fill()

    def _stand(self, unit: Unit) -> None:
        """Let a unit whose guest acts right now move at once if it fits, and tell it if it waits on."""
        self.fill(unit)
        self.tell(unit, unit.those("waitlisted"), "waitlisted")
        self.tell(unit, unit.those("to_approve"), "to_approve")

    def _come_back(self, unit: Unit, people: list[Guest], *, asks_address: bool = False) -> None:
        """Join again at the end: too late for an offer, or for confirming the address (never approved then)."""
        anew = unit.hold_until is not None and any(self.categories[x.category].needs_approval for x in people)
        self._join(people, "to_approve" if anew else "waitlisted", asks_address=asks_address)

    def _join(self, people: list[Guest], state: str, *, asks_address: bool = False) -> None:
        self._check_time()
        old = self.unit_of(people[0])
        living = Counter(guest.email for guest in self.guests() if guest.state not in ENDED)
        if any(times > 1 for times in (living + Counter(guest.email for guest in people)).values()):
            raise Refused("same_person")
        if self.too_large(people):
            raise Refused("too_small")
        new = Unit(self.draw(), people, old.contact, old.is_each)
        for unit in self.units:
            unit.people = [guest for guest in unit.people if not any(guest is one for one in people)]
        self.units.append(new)
        self.become(people, state)
        if asks_address and self.address_minutes is not None:
            new.hold_until = self.now + timedelta(minutes=self.address_minutes)
            self.tell(new, people, "address")
        else:
            self._stand(new)

    def restore(self, row_ids: Collection[int]) -> None:
        self.settle()
        people = [self.guest(row_id) for row_id in row_ids]
        if any(guest.state not in ENDED for guest in people):
            raise Refused("not_ended")
        self._join(people, "waitlisted")
        self.fill()

    def cancel(self, people: Collection[int]) -> None:
        self.settle()
        leaving = [guest for row_id in people if (guest := self.guest(row_id)).state not in ENDED]
        if leaving:
            self._check_time()
            unit = self.unit_of(leaving[0])
            self.become(leaving, "cancelled")
            self.tell(unit, leaving, "cancelled")
        self.fill()

    def change(self, new: Guest) -> None:
        """Change category, organisation or items of the guest with this id."""
        self.settle()
        guest = self.guest(new.id)
        self._write(guest, new)
        self.fill(self.unit_of(guest))

    def deputy(self, new: Guest) -> None:
        """Let `new` come in the place of the guest with this id."""
        self.settle()
        guest = self.guest(new.id)
        email = guest.email
        if guest.state not in ENDED and self.unit_of(guest).hold_until is not None:
            raise Refused("address_open")
        self._write(guest, new)
        guest.email, unit = new.email, self.unit_of(guest)
        states = {"confirmed": "ticket", "offered": "offer", "to_approve": "to_approve"}
        self.tell(unit, [guest], "address" if unit.hold_until else states.get(guest.state, "waitlisted"))
        self.mails.append(("deputy", email))
        self.fill(unit)

    def _write(self, guest: Guest, new: Guest) -> None:
        if guest.state in ENDED:
            raise Refused("not_registered")
        self._check_time()
        if new.category != guest.category and self.categories[new.category].needs_approval:
            raise Refused("needs_approval")
        if len({self.slots[item] for item in new.items}) < len(new.items):
            raise Refused("items_clash")
        unit = self.unit_of(guest)
        if guest.state in HOLDS:
            old, asked = self.holds(guest), self.asks(new)
            need: Counter[Ref] = Counter(asked - old)
            need.update(dict.fromkeys(old - asked, -1))
            if not self.fits(need):
                raise Refused("full")
        elif self.too_large([x for x in unit.living if x is not guest] + [new]) - self.too_large(unit.living):
            raise Refused("too_small")
        guest.category, guest.organisation, guest.items = new.category, new.organisation, set(new.items)
        for wish in self.wishes:
            if wish.guest is guest and wish.item in guest.items and wish.state in ("waiting", "offered"):
                wish.state = "fulfilled"
        if self.reviews_changes and self.categories[guest.category].needs_approval and guest.state == "confirmed":
            unit.in_review = True

    def approve(self, key: Key) -> None:
        self.settle()
        unit = self.unit(key)
        if unit.in_review:
            unit.in_review = False
            return
        people = unit.those("to_approve")
        if not people:
            raise Refused("not_to_approve")
        self.become(people, "waitlisted")
        self.fill(unit)
        if unit.hold_until is None:
            self.tell(unit, unit.those("waitlisted"), "waitlisted")

    def decline(self, key: Key) -> None:
        self.settle()
        unit = self.unit(key)
        people = unit.those("confirmed" if unit.in_review else "to_approve")
        if not people:
            raise Refused("not_to_approve")
        unit.in_review = False
        self.become(people, "declined")
        self.tell(unit, people, "declined")
        self.fill()

    def decide_all(self, keys: Collection[Key], *, is_approved: bool) -> int:
        self.settle()
        done = 0
        for key in sorted(keys):
            unit = self.unit(key)
            if unit.in_review or unit.those("to_approve"):
                (self.approve if is_approved else self.decline)(key)
                done += 1
        return done

    def move_ahead(self, key: Key) -> None:
        self.settle()
        unit = self.unit(key)
        if not unit.those("waitlisted"):
            raise Refused("not_waiting")
        unit.ahead = 1 + max(one.ahead for one in self.units)
        self.fill()

    def let_in(self, key: Key) -> None:
        self.settle()
        unit = self.unit(key)
        people = unit.those("waitlisted")
        if not people:
            raise Refused("not_waiting")
        unit.hold_until = None
        self.become(people, "confirmed")
        self.tell(unit, people, "ticket")
        self.fill()

    def divide(self, key: Key, row_ids: Collection[int]) -> None:
        self.settle()
        unit = self.unit(key)
        waiting = unit.those("waitlisted")
        chosen = [guest for guest in waiting if guest.id in row_ids]
        if not chosen or len(chosen) == len(waiting):
            raise Refused("cannot_divide")
        part = 1 + max(one.part for one in self.units if one.number == unit.number)
        other = Unit(unit.number, chosen, unit.contact, unit.is_each, part, unit.ahead, None, unit.hold_until)
        unit.people = [guest for guest in unit.people if guest.id not in row_ids or guest not in chosen]
        self.units.append(other)
        self.fill(unit, other)

    def wish(self, row_id: int, item: int) -> None:
        self.settle()
        guest = self.guest(row_id)
        if guest.state != "confirmed" or self.now >= self.ends:
            raise Refused("not_registered")
        if item in guest.items:
            raise Refused("wrong_item")
        if any(w.guest is guest and w.item == item and w.state in ("waiting", "offered") for w in self.wishes):
            return
        if self.fits(Counter({("item", item): 1})):
            raise Refused("not_full")
        self.wishes.append(Wish(self.draw(), guest, item))

    def accept_wish(self, number: int) -> None:
        self.settle()
        wish = next(wish for wish in self.wishes if wish.number == number)
        if wish.state == "fulfilled":
            return
        if wish.state != "offered":
            raise Refused("not_offered")
        self.swap(wish)
        self.fill()

    def withdraw_wish(self, number: int) -> None:
        self.settle()
        wish = next(wish for wish in self.wishes if wish.number == number)
        if wish.state in ("waiting", "offered"):
            wish.state = "withdrawn"
        self.fill()

    def resize(self, ref: Ref, size: int | None) -> None:
        self.settle()
        kind, key = ref
        if kind == "event":
            self.size = size
        elif kind == "category":
            self.categories[int(key)].size = size
        elif kind == "item":
            self.items[int(key)] = size
        else:
            self.organisation_size = size
        self._check_reserves()
        self.fill()

    def keep(self, category: int, places: int, release: datetime | None) -> None:
        """Reserve places for a category."""
        self.settle()
        kind = self.categories[category]
        kind.reserved, kind.release = places, release
        self._check_reserves()
        self.fill()

    def _check_reserves(self) -> None:
        kept = {category: self.reserve(category) for category in self.categories}
        if any(size is not None and kept[c] > size for c, kind in self.categories.items() for size in [kind.size]):
            raise Refused("reserve_too_large")
        if any(kept.values()) and (self.size is None or sum(kept.values()) > self.size):
            raise Refused("reserve_too_large")
