"""How fast news is read: ``python -m benchmarks.wires [SECONDS]``.

Of each format of news one article with a text of 3,000 characters, read over and over by one core:
by its parser alone (lxml, json, expat, a split of the bytes), by its reader (bytes to draft) and by
``parse`` with all that intake makes of any text (language, dateline, words to find). Rates are of
articles a second.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from xml.parsers import expat

from lxml import etree

from extraction.containers.member import Limits, Opened, Sample
from extraction.containers.registry import kind_of
from extraction.formats.format import RawFile
from extraction.formats.parse import parse
from extraction.formats.registry import format_of

_PARAGRAPH = (
    "Die Stadtwerke haben am Mittwoch die Arbeiten an der Brücke beendet. Der Verkehr fließt nach "
    "Angaben der Polizei wieder ohne Behinderungen, sagte eine Sprecherin in der Stadt am Abend. "
)
_TEXT = "".join(f"<p>{_PARAGRAPH}</p>" for _ in range(16))
_PLAIN = "\n\n".join([_PARAGRAPH] * 16)
_G2 = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:a:1" version="1"><itemMeta>'
    '<itemClass qcode="ninat:text"/><versionCreated>2024-06-19T15:10:00+02:00</versionCreated>'
    '<pubStatus qcode="stat:usable"/></itemMeta><contentMeta><by>Von Lena Huber</by>'
    '<language tag="de"/><headline>Brücke frei</headline></contentMeta><contentSet><inlineXML '
    f'contenttype="application/xhtml+xml"><html><body>{_TEXT}</body></html></inlineXML>'
    "</contentSet></newsItem>"
)
_NITF = (
    '<nitf><head><docdata><doc-id id-string="a"/><date.issue norm="20240619T143000Z"/></docdata>'
    "</head><body><body.head><hedline><hl1>Brücke frei</hl1></hedline></body.head>"
    f"<body.content>{_TEXT}</body.content></body></nitf>"
)
_NINJS = {
    "uri": "urn:a:1",
    "versioncreated": "2024-06-19T15:10:00+02:00",
    "headline": "Brücke frei",
    "body_html": _TEXT,
}
_ITEM = (
    "<item><title>Brücke frei</title><link>https://a.example/1</link>"
    f"<description><![CDATA[{_TEXT}]]></description></item>"
)
_WIRE = f"bdt0163 3 pl 226  dpa 0525\n\nBrücke frei =\n\n{_PLAIN}\n\n191430 Jun 24\n"
_ITEMS = 200


def main() -> None:
    """Print a line a format."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    xml = etree.fromstring
    ways: list[tuple[str, bytes, Callable[[bytes], object]]] = [
        ("newsml-g2", _G2.encode(), xml),
        ("nitf", _NITF.encode(), xml),
        ("rss item", _ITEM.encode(), xml),
        ("ninjs", json.dumps(_NINJS, ensure_ascii=False).encode(), json.loads),
        ("iptc7901", _WIRE.encode(), lambda data: data.decode().split("\n\n")),
    ]
    for name, data, parser in ways:
        file, now = f"a.{'json' if name == 'ninjs' else 'xml'}", datetime.now(UTC)
        rates = (
            _rate(lambda: parser(data), seconds),  # noqa: B023  (called at once)
            _rate(lambda: _read(data, file), seconds),  # noqa: B023
            _rate(lambda: parse(data, file, received=now), seconds),  # noqa: B023
        )
        print(f"{name:10} parser {rates[0]:9,.0f}  reader {rates[1]:7,.0f}  parse {rates[2]:7,.0f}")
    feed = f"<rss><channel>{_ITEM * _ITEMS}</channel></rss>".encode()
    rates = (
        _rate(lambda: expat.ParserCreate().Parse(feed, True), seconds) * _ITEMS,
        _rate(lambda: sum(1 for _ in etree.iterparse(io.BytesIO(feed), tag="item")), seconds)
        * _ITEMS,
        _rate(lambda: _unpack(feed), seconds) * _ITEMS,
    )
    print(f"feed       expat {rates[0]:9,.0f}  lxml {rates[1]:9,.0f}  members {rates[2]:7,.0f}")


def _read(data: bytes, path: str) -> None:
    file = RawFile(path, data)
    format_of(file).read(file)


def _unpack(data: bytes) -> int:
    kind = kind_of(Sample("a.rss", data[:65_536], data[-65_536:]))
    assert kind  # noqa: S101  (it is one)
    stream = io.BufferedReader(io.BytesIO(data))
    return sum(1 for _ in kind.members(Opened("a.rss", stream, Limits())))


def _rate(work: Callable[[], object], seconds: float) -> float:
    """Calls a second of processor time, after one that loads what is loaded once."""
    work()
    count, begins = 0, time.process_time()
    while time.process_time() - begins < seconds:
        work()
        count += 1
    return count / (time.process_time() - begins)


if __name__ == "__main__":
    main()
