"""Ticket codes: made, read, checked, grouped; practice codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.tickets import rules
from eventapp.tickets.rules import ALPHABET, Practice

CODE = rules.practice_code(Practice.ADMIT, 4711)


def test_new_codes_have_the_written_shape_and_differ() -> None:
    codes = {rules.new_code() for _ in range(2000)}
    assert len(codes) == 2000
    for code in codes:
        assert len(code) == 20
        assert code[0] == "T"
        assert set(code) <= set(ALPHABET)
        assert rules.is_code(code)
        assert not rules.is_practice(code)
        assert rules.practice_meaning(code) is None


def test_every_single_wrong_character_is_caught() -> None:
    code = rules.new_code()
    for position in range(1, 20):
        for other in set(ALPHABET) - {code[position]}:
            assert not rules.is_code(code[:position] + other + code[position + 1 :])


def test_every_swap_of_two_characters_is_caught() -> None:
    for code in (rules.new_code(), CODE):
        for first in range(20):
            for second in range(first + 1, 20):
                swapped = list(code)
                swapped[first], swapped[second] = code[second], code[first]
                assert rules.is_code("".join(swapped)) == (code[first] == code[second])


@given(st.text(ALPHABET, min_size=18, max_size=18))
def test_what_people_do_to_a_code_is_read(body: str) -> None:
    code = "T" + body
    code += rules.check_character(code)
    written = [
        code.lower(),
        rules.grouped(code),
        f"  {rules.grouped(code)}\n",
        "-".join(rules.groups(code)),
        "–".join(rules.groups(code)),
        code.replace("0", "O").replace("1", "l"),
        code.replace("0", "o").replace("1", "I"),
        "\u2068" + code + "\u2069",
        f"HTTPS://tickets.example.org/t/{code}",
        f"https://tickets.example.org:8443/T/{code.lower()}?x=1",
        code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        code.translate(str.maketrans("0123456789T", "０１２３４５６７８９Ｔ")),
    ]
    assert [rules.read_code(text) for text in written] == [code] * len(written)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "T",
        "x" * 10_000,
        "HTTPS://tickets.example.org/t/",
        "https://evil.example.org/x/" + CODE,
        "U" + CODE[1:],
        "X" + CODE[1:],
        CODE + CODE,
        CODE[:-1],
        "\x00",
        "👋" * 20,
        "²" * 20,
        "BEGIN:VCARD",
    ],
)
def test_what_is_not_a_code_is_none(text: str) -> None:
    assert rules.read_code(text) is None


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    code = rules.read_code(text)
    assert code is None or rules.is_code(code)


def test_practice_codes_are_codes_that_say_what_they_mean() -> None:
    for meaning in Practice:
        code = rules.practice_code(meaning)
        assert rules.read_code(code.lower()) == code
        assert code == rules.practice_code(meaning)
        assert code != rules.practice_code(meaning, 2)
        assert rules.is_practice(code)
        assert rules.practice_meaning(code) is meaning


def test_practice_codes_of_an_unnamed_kind_mean_unknown() -> None:
    body = "PZ" + "0" * 17
    assert rules.practice_meaning(body + rules.check_character(body)) is Practice.UNKNOWN


def test_practice_codes_are_numbered_in_four_digits() -> None:
    with pytest.raises(ValueError, match="0 to 9999"):
        rules.practice_code(Practice.ADMIT, 10_000)


def test_groups_of_four() -> None:
    assert rules.grouped("T7K4MQ2XR9DV3HTB6NWA") == "T7K4 MQ2X R9DV 3HTB 6NWA"
