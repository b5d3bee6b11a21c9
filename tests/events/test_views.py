"""The motif as a picture: kept by browsers for ever, nothing but colours in its address."""

import pytest

from tests.pages import Client


def test_a_cover_is_kept_for_ever(client: Client) -> None:
    answer = client.get("/media/cover/0f4e5e-wide-dark.svg")
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "#9fd3df" in answer.text


@pytest.mark.parametrize(
    "name", ["0f4e5e-round-dark", "0f4e5-wide-dark", "0F4E5E-wide-dark", "red-wide-light", "0f4e5e-wide-x"]
)
def test_anything_else_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/media/cover/{name}.svg").status_code == 404
