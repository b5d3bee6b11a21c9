"""The printed ticket: made for every name, readable by people, programs and scanners."""

import hashlib
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest
import zxingcpp
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from eventapp.tickets import pdf, rules
from eventapp.tickets.pdf import Fact, Note, Part, TicketPage

GERMAN = TicketPage(
    language="de",
    direction="ltr",
    title="Ticket: Gemeinsam vor Ort",
    organiser="Ministerium für Kinder, Jugend, Familie, Gleichstellung, Flucht und Integration",
    series="NRW.integrativ",
    event="NRW.integrativ – Gemeinsam vor Ort: Teilhabe ermöglichen, Wege ebnen, Potenziale entfalten",
    name="Jörg Müller-Lüdenscheidt",
    code=rules.new_code(),
    qr_alt="QR-Code Ihres Tickets",
    hint="Am Einlass zeigen",
    facts=(
        Fact(label="Datum", value="Donnerstag, 4. Dezember 2025", wide=True),
        Fact(label="Einlass", value="ab 8:45 Uhr"),
        Fact(label="Gruppe", value="Verein und Migrantenorganisation"),
    ),
    day_title="Ihr Tag",
    day=(Part(when="11:45 bis 13:00 Uhr", what="Forum 1: Vom Sprachkurs in den Betrieb", where="Raum Ruhr"),),
    notes=(Note(title="Anfahrt", text="Der Eingang Nord ist stufenlos."), Note(title="Kontakt", text="0211 837-0")),
    footer="Sie können nicht kommen? Bitte sagen Sie ab.",
)
ENGLISH = replace(GERMAN, language="en", title="Ticket: Together", event="Together", name="Ann O'Neill")
ARABIC = replace(
    GERMAN,
    language="ar",
    direction="rtl",
    title="تذكرة: معًا على أرض الواقع",
    event="NRW.integrativ – معًا على أرض الواقع",
    name="أميرة حداد",
    qr_alt="رمز تذكرتك",
    facts=(Fact(label="التاريخ", value="الخميس، 4 كانون الأول 2025"), Fact(label="الدخول", value="8:45")),
)
AWKWARD = [
    "ሰላም ገብረሚካኤል",
    "Ҝarl 🎉 O'Reilly",
    "=SUM(1;2) Consulting",
    "-2+3 أبو زيد",
    "علی‌رضا کریمی‌نژاد",
    "Nguyễn Thị Hoa",
    "Григор’єва Їжакевич",
    "Jean-François N’Diaye",
    "d’Alquen",
    "#[markup] $x$ *b* _i_ `raw` @ref <label> \\u{41}",
    "<b>Anna</b> & <script>alert(1)</script>",
    '"},{"x":"',
    "{{ 7*7 }} %s {0}",
    "Ann\x00a\x1b[31m\r\nZwei",
    "\u202eevil\u202c \u2066x\u2069 \ufeff\u00ad",
    "Z\u0301\u0302\u0303\u0304\u0305\u0306\u0307a\u0308lgo",
    "أ\u0301\u0308\u0302 حداد\u0e31",
    "\u0301\u200d\ufe0f",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇩🇪 1️⃣",
    "𝔄𝔫𝔫𝔞 ﷽ ﬁ ǅ İı ẞ",
    "ნინო Արամ דוד தமிழ்செல்வி রহিম สมชาย देवी Ελένη",
    "王小明 김민수 \ue000 \uffff \U0010ffff",
    "\ud800 halb",
    "",
    "   ",
    "x" * 10_000,
    "Wort " * 2_000,
    "ا" * 10_000,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
]


def read(made: bytes) -> pypdf.PdfReader:
    """Open a PDF."""
    return pypdf.PdfReader(io.BytesIO(made))


def words(made: bytes) -> str:
    """Extract the text of all pages as one line."""
    return " ".join(" ".join(page.extract_text() for page in read(made).pages).replace("\u200b", "").split())


def scanned(page: TicketPage, ppi: int = 110) -> str:
    """Draw a ticket and read its QR code."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(pdf.preview(page, ppi=ppi))).convert("L"))
    assert len(found) == 1
    return found[0].text


@pytest.mark.parametrize("page", [GERMAN, ENGLISH, ARABIC], ids=["de", "en", "ar"])
def test_a_ticket_is_one_tagged_sheet_with_language_and_title(page: TicketPage) -> None:
    document = read(pdf.render(page))
    root: Any = document.trailer["/Root"]
    assert len(document.pages) == 1
    assert root["/Lang"] == page.language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert document.metadata is not None
    assert document.metadata.title == page.title


def test_the_qr_code_has_a_text_alternative() -> None:
    root: Any = read(pdf.render(GERMAN)).trailer["/Root"]
    assert "QR-Code Ihres Tickets" in alternatives(root["/StructTreeRoot"])


def alternatives(element: Any) -> list[str]:
    """Collect the text alternatives below an element of the structure tree."""
    found = [str(element["/Alt"])] if "/Alt" in element else []
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        inner = kid.get_object()
        if isinstance(inner, dict):
            found += alternatives(inner)
    return found


def test_all_texts_are_on_the_ticket() -> None:
    text = words(pdf.render(GERMAN))
    for part in ("Jörg Müller- Lüdenscheidt", "Donnerstag, 4. Dezember 2025", "Ihr Tag", "Forum 1: Vom Sprachkurs"):
        assert part in text
    assert "Der Eingang Nord ist stufenlos." in text
    assert rules.grouped(GERMAN.code) in text


@pytest.mark.parametrize("page", [GERMAN, ENGLISH, ARABIC], ids=["de", "en", "ar"])
@pytest.mark.parametrize("ppi", [72, 150])
def test_the_printed_code_can_be_scanned(page: TicketPage, ppi: int) -> None:
    assert scanned(page, ppi) == page.code


@pytest.mark.parametrize("name", AWKWARD, ids=range(len(AWKWARD)))
@pytest.mark.parametrize("page", [GERMAN, ARABIC], ids=["de", "ar"])
def test_a_ticket_is_made_for_every_name(page: TicketPage, name: str) -> None:
    made = pdf.render(replace(page, name=name))
    assert len(read(made).pages) == 1
    assert scanned(replace(page, name=name)) == page.code


@pytest.mark.parametrize("name", AWKWARD[:15], ids=range(15))
def test_names_are_read_as_they_were_written(name: str) -> None:
    text = words(pdf.render(replace(GERMAN, name=name)))
    for word in pdf.printable(name, 120).split():
        if word.isascii() and word[:1].isalnum():
            assert word in text


def test_markup_is_text() -> None:
    text = words(pdf.render(replace(GERMAN, name=AWKWARD[9])))
    assert "#[markup] $x$ *b* _i_ `raw` @ref <label> \\u{41}" in text


def test_arabic_names_keep_their_letters_once() -> None:
    letters = sorted(words(pdf.render(replace(GERMAN, name="أميرة حداد"))))
    assert [letter for letter in letters if "\u0600" <= letter <= "\u06ff"] == sorted("أميرةحداد")


def test_ethiopic_and_emoji_are_shown() -> None:
    text = words(pdf.render(replace(GERMAN, name="ሰላም 🎉")))
    assert "ሰላም" in text
    assert "🎉" in text


def test_what_no_font_shows_becomes_a_question_mark() -> None:
    assert pdf.printable("A\ue000\U0010ffffB", 50) == "A??B"
    assert pdf.printable("A\x00\x07\u202eB\u200b", 50) == "AB"
    assert pdf.printable("ნინო Արամ דוד தமிழ்செல்வி রহিম สมชาย देवी Ελένη", 50).count("?") == 0
    assert pdf.printable("a\r\n\t b", 50) == "a b"
    assert pdf.printable("\u0301a", 50) == "a"


def test_long_texts_are_cut_with_an_ellipsis() -> None:
    assert pdf.printable("x" * 10_000, 120) == "x" * 119 + "…"
    assert pdf.printable("علی‌رضا", 4) == "علی…"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from([GERMAN, ARABIC]))
def test_no_text_prevents_a_ticket(name: str, other: str, page: TicketPage) -> None:
    facts = (Fact(label=other, value=name), Fact(label=name, value=other, wide=True))
    part = Part(when=other, what=name, where=other)
    made = pdf.render(
        replace(page, name=name, event=other, title=other, organiser=name, qr_alt=other, facts=facts, day=(part,))
    )
    assert len(read(made).pages) == 1


def test_a_text_that_typst_refuses_is_tried_again_without_its_accents(monkeypatch: pytest.MonkeyPatch) -> None:
    careful = pdf.printable

    def careless(text: str, limit: int, *, strict: bool = False) -> str:
        return careful(text, limit, strict=True) if strict else text[:limit]

    monkeypatch.setattr(pdf, "printable", careless)
    assert "A?x B" in words(pdf.render(replace(GERMAN, name="A\ue000x\u0301 B")))


def test_many_tickets_are_one_document() -> None:
    pages = [replace(GERMAN, name=f"Gast {number}", code=rules.new_code()) for number in range(12)] + [ARABIC]
    document = read(pdf.render(pages))
    assert len(document.pages) == 13
    for page, sheet in zip(pages[:-1], document.pages, strict=False):
        assert page.name in sheet.extract_text()
        assert rules.grouped(page.code) in sheet.extract_text()


def test_a_long_day_goes_on_on_the_next_sheet() -> None:
    parts = tuple(replace(GERMAN.day[0], what=f"Teil {number}") for number in range(40))
    made = pdf.render(replace(GERMAN, day=parts))
    assert len(read(made).pages) > 1
    assert "Teil 39" in words(made)


def test_the_same_ticket_gives_the_same_bytes_in_any_thread() -> None:
    start = threading.Barrier(4)

    def make(number: int) -> bytes:
        start.wait()
        return pdf.render(replace(GERMAN, name=f"Gast {number}"))

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make, range(4)))
    for number, document in enumerate(made):
        assert f"Gast {number}" in words(document)
    assert pdf.render(GERMAN) == pdf.render(GERMAN)


def test_a_wrong_colour_or_language_is_replaced() -> None:
    page = replace(GERMAN, accent="red; }", language="de@simple", direction="sideways")
    document = read(pdf.render(page))
    root: Any = document.trailer["/Root"]
    assert root["/Lang"] == "de"


def test_every_vendored_font_is_named_with_its_checksum() -> None:
    folder = Path(__file__).parents[2] / "static" / "fonts"
    template = Path(pdf.__file__).with_name("ticket.typ").read_text("utf-8")
    readme = (folder / "README.md").read_text("utf-8")
    for font in folder.glob("*.ttf"):
        assert font.name in readme
        assert hashlib.sha256(font.read_bytes()).hexdigest() in readme
        names = TTFont(font)["name"]
        assert f'"{names.getDebugName(16) or names.getDebugName(1)}"' in template
