"""The parser of mails: as the library's, but for what costs that time out of all proportion."""

from __future__ import annotations

import time
from email import message_from_bytes
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from extraction.formats.mail import leaves
from extraction.formats.mail_parser import parsed

HEAD = b"From: a@example.org\nSubject: Br\xfccke\n"
PIECES = (
    *(
        b'Content-Type: multipart/mixed; boundary="a"\n',
        b"Content-Type: multipart/digest; boundary=ab\n",
    ),
    *(b"Content-Type: message/rfc822\n", b"Content-Type: message/delivery-status\n"),
    *(b"--a\n", b"--a--\n", b"--ab\n", b"--ab--\n", b"\n", b"\r\n", b"\r", b"-- \n", b"--\n"),
    *(b"Subject: x\n", b"Der Rat.\n", b"Status: 5.0.0\n", "Brücke".encode(), b"\xff"),
)


def within(depth: int, text: bytes) -> bytes:
    """A mail whose text is nested so deep."""
    opens = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )
    closes = b"".join(b"--b%d--\n" % n for n in reversed(range(depth)))
    return HEAD + opens + b"Content-Type: text/plain\n\n" + text + closes


def test_a_long_text_within_many_parts_is_read_as_fast_as_in_one() -> None:
    text = b"Der Rat hat die Br\xc3\xbccke beschlossen.\n" * 40_000
    shallow, deep = (_seconds(within(depth, text)) for depth in (2, 150))
    assert deep < 4 * shallow + 0.2


def test_and_so_are_empty_lines() -> None:
    """32 kB of a ZIP were a quarter of an hour, before anybody knew what it is."""
    text = b"\n" * 100_000
    shallow, deep = (_seconds(within(depth, text)) for depth in (2, 150))
    assert deep < 4 * shallow + 0.2


def _seconds(data: bytes) -> float:
    start = time.process_time()
    parsed(data)
    return time.process_time() - start


def test_an_end_of_any_part_ends_those_within_it() -> None:
    # RFC 2046, 5.1.2: the outer boundary counts at any depth.
    data = within(3, b"Der Rat hat es.\n").replace(b"--b2--\n--b1--\n", b"")
    mail = parsed(data + b"danach\n")
    (text,) = leaves(mail)
    assert text.get_payload() == "Der Rat hat es."
    assert mail.epilogue == "danach\n"


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_the_parser_reads_as_the_librarys_does(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    assert _told(parsed(data)) == _told(message_from_bytes(data))


def _told(mail: Any) -> tuple[object, ...]:
    inner = mail.get_payload()
    parts = [_told(part) for part in inner] if isinstance(inner, list) else inner
    return mail.items(), parts, mail.preamble, mail.epilogue, list(map(type, mail.defects))
