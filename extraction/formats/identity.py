"""What makes two articles the same one, and names that can always be written down.

A key is ``s-…`` (the source's own id), ``u-…`` (its canonical URL) or ``t-…`` (its content).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from hashlib import sha256
from urllib.parse import urlsplit, urlunsplit

from extraction.formats.clean import one_line

#: How a key begins that is made of the content: the same key is then the same text.
OF_CONTENT = "t-"

_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+-]{0,199}\Z")
_KEY_DIGITS = 40
_TRACKING = re.compile(r"(?:utm_[^=&]*|fbclid|gclid|wt_[^=&]*|mc_[ce]id)(?:=|\Z)", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_ESCAPE = re.compile(r"\\(?:\\|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")


def document_key(
    *,
    source_id: str | None = None,
    url: str | None = None,
    date: str = "",
    kicker: str = "",
    headline: str = "",
    lead: str = "",
    body: str = "",
) -> str:
    """Return the deterministic document id: at most 203 ASCII characters.

    The source's own id comes first, then its URL, else a hash of the content in which every
    run of white space counts as one blank; ``date`` is that of publication as
    ``published.key_date`` has it. Paths, encodings and line ends play no part.
    """
    if source_id:
        return f"s-{source_id}" if _PLAIN_ID.match(source_id) else f"sh-{_digest(source_id)}"
    if url:
        return f"u-{_digest(canonical_url(url))}"
    return f"{OF_CONTENT}{_digest(date, kicker, headline, lead, body)}"


def canonical_url(url: str) -> str:
    """Return ``url`` with scheme and host in lower case, without fragment, default port,
    tracking parameters or trailing slash; unchanged if it is no URL.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return url.strip()
    if ":" in host:
        host = f"[{host}]"
    if port and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    query = "&".join(p for p in parts.query.split("&") if p and not _TRACKING.match(p))
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), query, ""))


def printable_path(os_path: bytes | str) -> str:
    """Return any file-system path as valid, visible Unicode; different paths stay different.

    A backslash is doubled, a byte that is no UTF-8 becomes ``\\xff``, a control or invisible
    character ``\\x0a``, ``\\u200b`` or ``\\U000e0001``. ``os_path_of`` is the way back.
    """
    text = os_path.decode("utf-8", "surrogateescape") if isinstance(os_path, bytes) else os_path
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(map(_printable, text))


def os_path_of(printable: str) -> str:
    """Return the path for which ``printable_path`` returned ``printable``."""
    return _ESCAPE.sub(_unescape, printable)


def _digest(*parts: str) -> str:
    digest = sha256()
    for part in parts:
        digest.update(one_line(part).encode("utf-8", "replace"))
        digest.update(b"\x00")
    return digest.hexdigest()[:_KEY_DIGITS]


def _printable(char: str) -> str:
    code = ord(char)
    if char == "\\":
        return "\\\\"
    if unicodedata.category(char) not in _UNPRINTABLE:
        return char
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - how Python writes a byte that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:  # noqa: PLR2004 - ASCII
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


def _unescape(match: re.Match[str]) -> str:
    byte, short, long = match.groups()
    if byte:
        code = int(byte, 16)
        return chr(code if code < 0x80 else code + 0xDC00)  # noqa: PLR2004 - ASCII
    if not (short or long):
        return "\\"
    code = int(short or long, 16)
    return chr(code) if code <= sys.maxunicode else match[0]  # no path of ours has that
