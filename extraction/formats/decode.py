"""Bytes -> text: find the encoding, refuse what is no text, say what was odd."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from articles.errors import Unreadable
from extraction.formats.clean import clean
from extraction.formats.mojibake import unmixed

_SAMPLE = 65_536
_CONTROLS = bytes((*range(9), *range(0x0E, 0x20), 0x7F))
_FEW_CONTROLS = 8
_CONTROL_SHARE = 0.03
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)
# All but the bytes that open a UTF-8 character of German use; in CP1252, 0xDF is a ß, and 0xE3 to
# 0xEF, which open East Asian ones, are ä, é and their like.
_NO_LEAD = bytes((*range(0xC2), 0xDF, *range(0xE3, 0xF0), *range(0xF5, 0x100)))
_UTF_8 = "utf-8"
#: What a page may name and be: one byte a character, or what browsers know of East Asia.
_NAMED = frozenset(
    {
        *(f"cp125{number}" for number in range(9)),
        *(f"iso8859-{number}" for number in range(2, 17)),
        *(
            "koi8-r",
            "koi8-u",
            "mac-roman",
            "gb18030",
            "gbk",
            "big5",
            "euc_jp",
            "shift_jis",
            "euc_kr",
        ),
    }
)
#: Whoever says Latin-1 or ASCII means Windows-1252 (WHATWG, Encoding Standard).
_ON_THE_WEB = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}
#: ü, ä and ö within words as DOS and old wires write them; ä, ö, ü and ß as Windows does.
_OF_DOS = re.compile(rb"(?<=[A-Za-z])[\x81\x84\x94](?=[a-z])")
_OF_WINDOWS = re.compile(rb"[A-Za-z][\xe4\xf6\xfc\xdf]|[\xe4\xf6\xfc][a-z]")
_LEAST_OF_DOS = 2
_CUT = "The file ends in the middle of a character; it may have been cut off."
_CUT_OFF = re.compile(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Clean text (see ``extraction.formats.clean``), what it was decoded with, and what was odd."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, charset: str = "") -> Decoded:
    """Decode the bytes of one file; by the ``charset`` that it names, where they are no UTF-8.

    Raises ``Unreadable`` if they are empty, only white space or not text.
    """
    text, encoding, warnings = _as_named(data, charset) or _decode(data)
    warnings += _refuse_binary(text)
    text, mended = unmixed(text)
    warnings += mended
    text = clean(text)
    if not text.strip():
        raise Unreadable("The file is empty.", "Write the article into it and drop it again.")
    return Decoded(text, encoding, warnings + _lost(text))


def _as_named(data: bytes, charset: str) -> tuple[str, str, tuple[str, ...]] | None:
    """Decode as the file says, where it can be so: UTF-8 is known by itself, whatever is said."""
    try:
        codec = codecs.lookup(charset).name if charset else _UTF_8
    except LookupError:
        return None
    codec = _ON_THE_WEB.get(codec, codec)
    if codec == _UTF_8 or codec not in _NAMED or _is_utf_8(data):
        return None
    try:
        return data.decode(codec), codec, ()
    except UnicodeDecodeError:
        return None


def one_byte_named(charset: str) -> str:
    """Return the codec of a charset with one byte a character; that of Windows for all others."""
    try:
        codec = codecs.lookup(charset).name if charset else ""
    except LookupError:
        codec = ""
    known = codec in _NAMED and codec.startswith(("cp125", "iso8859-", "koi8-"))
    return _ON_THE_WEB.get(codec, codec) if known else "cp1252"


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return any(data.startswith(bom) for bom, *_ in _BOMS)
    return True


def _lost(text: str) -> tuple[str, ...]:
    """Where another program, or a wrong encoding, has left nothing to be read."""
    number = text.count("\ufffd")
    return (f"Characters that could not be read, as � in the text: {number}.",) if number else ()


def _decode(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    for bom, name, codec in _BOMS:
        if data.startswith(bom):
            data = data[len(bom) :]
            if codec == "utf-8":
                text, encoding, warnings = _narrow(data)
                return text, name if encoding == "utf-8" else encoding, warnings
            return _wide(data, codec)
    guessed = _utf16_without_bom(data[:_SAMPLE])
    return _wide(data, guessed) if guessed else _narrow(data)


def _wide(data: bytes, codec: str) -> tuple[str, str, tuple[str, ...]]:
    text = data.decode(codec, "replace")
    return text, codec, (f"The file was not UTF-8; it was read as {codec.upper()}.",)


def _utf16_without_bom(sample: bytes) -> str | None:
    """Western text in UTF-16 has a NUL as nearly every second byte, and nowhere else."""
    if 0 not in sample:
        return None
    half = len(sample) // 2
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _narrow(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        pass
    cut = _CUT_OFF.search(data, max(0, len(data) - 3))
    whole = data[: cut.start()] if cut else data
    valid = whole.decode("utf-8", "ignore").encode("utf-8")
    good, bad = len(valid.translate(None, _NO_LEAD)), len(whole) - len(valid)
    if bad + bool(cut) > good:
        return _single_byte(data)
    text = whole.decode("utf-8", "surrogateescape")
    warnings = (_CUT,) if cut else ()
    if not bad:
        return text, "utf-8", warnings
    said = f"The file is UTF-8 with {bad} wrong bytes; those were read as Windows-1252."
    escaped = {0xDC00 + code: _one_byte(code) for code in range(0x80, 0x100)}
    return text.translate(escaped), "utf-8+cp1252", (said, *warnings)


def _single_byte(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    if len(_OF_DOS.findall(data)) >= _LEAST_OF_DOS and not _OF_WINDOWS.search(data):
        return (
            data.decode("cp850"),
            "cp850",
            ("The file was not UTF-8; it was read as CP850 (DOS).",),
        )
    try:
        text, name = data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        table = "".join(map(_one_byte, range(256)))
        text, name = codecs.charmap_decode(data, "strict", table)[0], "latin-1"
    said = {"cp1252": "Windows-1252 (CP1252)", "latin-1": "Latin-1 (ISO 8859-1)"}[name]
    return text, name, (f"The file was not UTF-8; it was read as {said}.",)


def _one_byte(code: int) -> str:
    byte = bytes((code,))
    return byte.decode("cp1252", "ignore") or byte.decode("latin-1")


def _refuse_binary(text: str) -> tuple[str, ...]:
    """Raise if control characters are many; else say how many will be removed."""
    data = text.encode("utf-8", "replace")
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if not controls:
        return ()
    nuls = data.count(0)
    if controls > max(_FEW_CONTROLS, _CONTROL_SHARE * len(data)) or 2 * controls > len(data):
        raise Unreadable(
            f"This is a binary file, not text: {controls} of {len(data)} bytes are control"
            f" characters, {nuls} of them NUL.",
            "Only text files (UTF-8 at best) and Depesche's JSON belong in the inbox.",
        )
    return (f"{controls} control characters were removed, {nuls} of them NUL bytes.",)
