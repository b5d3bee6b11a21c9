"""Files are judged by what they hold: type, size, active content, metadata, names."""

import io

import pytest
from PIL import Image

from eventapp.core.refusal import Refusal
from eventapp.questions.files.service import check_file, clean_name
from eventapp.questions.rules import MEGABYTE

LIMIT = 5 * MEGABYTE
SECRET = b"Taken at home"


def picture(form: str, size: tuple[int, int] = (40, 20)) -> bytes:
    """Return a picture with a comment in its metadata."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    Image.new("RGB", size, "teal").save(out, form, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "media_type", "ending"), [("JPEG", "image/jpeg", ".jpg"), ("PNG", "image/png", ".png")]
)
def test_pictures_are_written_anew_without_metadata(form: str, media_type: str, ending: str) -> None:
    data = picture(form)
    assert SECRET in data
    kept = check_file(f"C:\\fakepath\\foto{ending}.exe", data, LIMIT)
    assert (kept.name, kept.media_type) == (f"foto{ending}{ending}", media_type)
    assert SECRET not in kept.data
    assert Image.open(io.BytesIO(kept.data)).size == (40, 20)


def test_a_plain_pdf_stays_as_it_is() -> None:
    data = b"%PDF-1.7\n1 0 obj <</Type /Catalog /OpenAction [3 0 R /Fit] /JavaScripts 1>> endobj"
    assert check_file("Ausweis Übung.PDF", data, LIMIT).data == data
    assert check_file("Ausweis Übung.PDF", data, LIMIT).name == "Ausweis Übung.pdf"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.7 " + b"x" * LIMIT, "file_too_large"),
        (b"%PDF-1.7 <</S /JavaScript /JS (app.alert(1))>>", "active_file"),
        (b"%PDF-1.7 <</S /Java#53cript>>", "active_file"),
        (b"%PDF-1.7 <</S/Launch/F(cmd.exe)>>", "active_file"),
        (b"MZ\x90\x00", "wrong_file"),
        (b"<html><script>alert(1)</script>", "wrong_file"),
        (b" %PDF-1.7", "wrong_file"),
        (b"GIF89a" + b"x" * 40, "wrong_file"),
        (b"\xff\xd8\xff" + b"x" * 40, "wrong_file"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 40, "wrong_file"),
    ],
)
def test_what_is_no_harmless_file_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_file("ausweis.pdf", data, LIMIT)
    assert refused.value.code == code
    assert str(refused.value)


def test_a_picture_that_unfolds_to_gigabytes_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        check_file("bombe.png", picture("PNG", (8000, 6000)), LIMIT)
    assert refused.value.code == "picture_too_many_pixels"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..", "file.pdf"),
        ("", "file.pdf"),
        ('a"; filename="b.exe', "a__ filename__b.pdf"),
        ("Ausweis\r\nX-Evil: 1.pdf", "Ausweis X-Evil_ 1.pdf"),
        ("هوية.pdf", "هوية.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("a\u202efdp.exe", "a_fdp.pdf"),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert clean_name(name, ".pdf") == clean
