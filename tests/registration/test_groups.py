"""t."""
from flask import Flask
from tests.make import forums, make_event
from tests.pages import Visitor

def test_a(app: Flask, page: Visitor) -> None:
    event = make_event()
    forum = forums(event)[0]
    page.get(f"/de/{event.slug}/register")
    page.click("several")
    v = {"given_name":"Amira","email":"a@example.org","category":str(event.categories[0].id),"p1_given_name":"A","p2_given_name":"B", "comes_too":"y","me_items_1":str(forum.id)}
    page.submit(values=v, press="Register all now")
    print(page.text)
    page.click("Cancel")
    print(page.text)
    assert 0
