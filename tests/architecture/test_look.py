"""The look keeps its rules: logical properties, classes that exist, macros that say what they take and are shown."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static" / "css").rglob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)(?:-\w+)*|left|right|top|bottom"
    r"|(?:min-|max-)?(?:width|height)|float|clear)\s*:|text-align:\s*(?:left|right)"
)
KERN = ROOT / "static" / "vendor" / "kern-ux-2.7.2" / "kern.layer.css"


def bare(sheet: Path) -> str:
    """Return the rules of a style sheet without comments and without the conditions of media queries."""
    return re.sub(r"@media[^{]*|/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda p: p.stem)
def test_style_sheets_are_short_and_use_logical_properties_only(sheet: Path) -> None:
    found = [m.group(0) for m in PHYSICAL.finditer(bare(sheet).replace("float: none", ""))]
    assert not found, f"{sheet.name}: {found}"
    assert sheet.read_text(encoding="utf-8").count("\n") <= 300


@pytest.mark.parametrize("sheet", [x for x in SHEETS if x.stem != "print"], ids=lambda p: p.stem)
def test_nothing_of_ours_shouts(sheet: Path) -> None:
    assert "!important" not in bare(sheet)


def test_every_class_in_a_template_exists() -> None:
    drawn = set(re.findall(r"\.((?:ev|kern|is|c|r|q|cols)-[\w-]+)", KERN.read_text(encoding="utf-8")))
    for sheet in SHEETS:
        drawn |= set(re.findall(r"\.((?:ev|kern|is|c|r|q|cols)-[\w-]+)", bare(sheet)))
    for template in TEMPLATES:
        for attribute in re.findall(r'class="([^"]*)"', template.read_text(encoding="utf-8")):
            words = re.sub(r"\S*\{[{%].*?[%}]\}\S*", " ", attribute).split()
            unknown = {word for word in words if re.match(r"(ev|kern)-[\w-]+$", word)} - drawn
            assert not unknown, f"{template.relative_to(ROOT)}: {unknown}"


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda p: p.stem)
def test_a_component_says_what_it_takes(component: Path) -> None:
    source = component.read_text(encoding="utf-8")
    assert source.startswith("{#"), "the first comment is the macro's manual"
    manual = source[: source.index("#}")]
    for name in re.findall(r"{%-? macro ([a-z]\w*)\(", source):
        assert name in manual, f"{name} is not in the comment on top"
