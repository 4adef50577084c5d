"""Text of mainframes (EBCDIC): told by its bytes, and never taken for what has letters of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import Unreadable
from extraction.formats.ebcdic import is_ebcdic
from extraction.formats.parse import parse

TEXT = (
    "Hafen bekommt zweite Schleuse\n\nDer Rat der Stadt hat am Mittwoch beschlossen, was die"
    " Hafenbehörde seit 2019 fordert: eine zweite Schleuse für größere Schiffe (340 Millionen)."
)


@pytest.mark.parametrize("page", ["cp273", "cp037", "cp500", "cp1140"])
def test_text_of_a_mainframe_is_refused_with_what_to_do(page: str) -> None:
    with pytest.raises(Unreadable, match="EBCDIC") as fault:
        parse(TEXT.encode(page), "a.txt")
    assert "iconv" in fault.value.advice


def test_xml_of_a_mainframe_too() -> None:
    feed = f'<?xml version="1.0"?><rss><channel><item><title>{TEXT}</title></item></channel></rss>'
    with pytest.raises(Unreadable, match="EBCDIC"):
        parse(feed.encode("cp037"), "feed.xml")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        *((TEXT, page) for page in ("cp1252", "cp850", "utf-8", "utf-16", "mac-roman")),
        ("Город получит второй шлюз для больших кораблей в порту @ городе. " * 3, "cp1251"),
        ("Город получит второй шлюз для больших кораблей в порту городе. " * 3, "koi8-r"),
        ("Город получит второй шлюз для больших кораблей в порту городе. " * 3, "cp866"),
        ("Το λιμάνι αποκτά δεύτερη δεξαμενή για μεγάλα πλοία στην πόλη. " * 3, "iso8859-7"),
        ("港に第二の水門が建設される。市議会が水曜日に決定した。" * 3, "shift_jis"),
        ("港に第二の水門が建設される。市議会が水曜日に決定した。" * 3, "euc_jp"),
        ("港口将修建第二座船闸，市议会周三作出决定。" * 3, "gb18030"),
        ("ÄÖÜ ÄÖÜß " * 20, "cp1252"),
    ],
)
def test_other_texts_are_none(text: str, page: str) -> None:
    assert not is_ebcdic(text.encode(page))


@given(st.text(max_size=300), st.sampled_from(["utf-8", "cp1252", "cp1251", "utf-16"]))
def test_what_has_blanks_of_ours_is_none(text: str, page: str) -> None:
    assert not is_ebcdic(f"Der Rat hat {text} und ging. ".encode(page, "replace"))
