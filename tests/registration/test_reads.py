"""What a sign-up reads: always the same, however many have come before, and nothing that it does not need."""

import pytest
from flask import Flask

from eventapp.core.db import db
from eventapp.registration.signup.service import sign_up
from tests.make import forums, make_event
from tests.queries import counted
from tests.registration.people import person


@pytest.mark.parametrize(("with_forum", "reads"), [(False, 6), (True, 7)])
def test_a_sign_up_reads_the_same_for_the_first_and_the_fourth(app: Flask, with_forum: bool, reads: int) -> None:
    event = make_event()
    event_id = event.id
    wished = (forums(event)[0].id,) if with_forum else ()
    found = []
    for number in range(4):
        given = person(event, number, item_ids=wished)
        db.session.rollback()
        with counted() as sent:
            sign_up(event_id, given)
        found.append(len(sent))
    assert found[0] == found[3] == reads
