"""Every malformed kind that the parser knows, in one folder with good articles."""

from __future__ import annotations

from pathlib import Path

from tests.faults.outcome import article, assert_ended, drop, wait_until_ended
from tests.faults.poison import pipeline
from tests.processes import Processes
from worker.container import Container
from worker.spool.settle import reason_of

LIMIT = 200_000


_LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>'

#: What is no article, and a word of the reason that a person reads.
BAD = {
    "leer.txt": (b"", "empty"),
    "weiss.txt": (b" \n\t\r\n \xc2\xa0", "empty"),
    "nullen.txt": (b"\x00" * 5_000, "binary"),
    "zufall.txt": (bytes(range(256)) * 20, "binary"),
    "gross.txt": (b"Gross\n\n" + b"Wort " * 50_000, "limit"),
    "bild.txt": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "PNG"),
    "bild.jpg": (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "JPEG"),
    "blatt.txt": (b"%PDF-1.7\n...", "PDF"),
    "seite.html": (b"<!DOCTYPE html><html><body>Text</body></html>", "no text of an article"),
    "lachen.xml": (_LAUGHS.encode(), "XML"),
    "programm": (b"\x7fELF\x02\x01\x01" + b"\x00" * 50, "program"),
    "kein.json": (b'{"headline": ', "JSON"),
    "liste.json": (b'["headline"]', "list"),
    "ohne.json": (b'{"body": "Text"}', "headline"),
    "falsch.json": (b'{"headline": 17}', "headline"),
    "tief.json": (b"[" * 100_000, "JSON"),
    "breit.json": (b'{"headline": "a", "x": [' + b"[]," * 60_000 + b"0]}", "JSON"),
    "zahl.json": (b'{"headline": "a", "x": ' + b"9" * 10_000 + b"}", "JSON"),
    "bild.eml": (b"From: a@example.org\nSubject: Pakt\nContent-Type: image/png\n\nx", "no text"),
    "post.msg": (b"Text", "Outlook"),
    "tabelle.txt": (b"id;titel;text\n1;Pakt;Text\n2;Pakt;Text\n", "table"),
    "notiz.md": (b"---\ntitle: [Pakt\n---\n\nText.", "front matter"),
    "doppelt.json": (b'{"headline": {"headline": {}}}', "headline"),
}
#: What is odd and yet an article.
ODD = {
    "ohne-kopf.txt": b"Nur eine Zeile ohne Kopf",
    "unmoeglich.txt": b" date 2024-02-31 Probe : Kein Tag\n\nVorspann.\n\nText.",
    "dreizehn.txt": b" date 2024-13 Probe : Kein Monat\n\nVorspann.\n\nText.",
    "jahr-null.txt": b" date 0000-00-00 Probe : Kein Jahr\n\nVorspann.\n\nText.",
    "cp1252.txt": " date 2024-06 Köln : Straße\n\nÄpfel.\n\n„Größe“.".encode("cp1252"),
    "utf16.txt": " date 2024-06 Köln : Weg\n\nÄpfel.\n\nGröße.".encode("utf-16"),
    "gemischt.txt": " date 2024-06 Köln : Gasse\n\nÄpfel.\n\n".encode() + b"Gr\xf6\xdfe ist gut.",
    "abgeschnitten.txt": " date 2024-06 Köln : Allee\n\nÄpfel.\n\nGrö".encode()[:-1],
    "brief.rtf": b"{\\rtf1\\ansi Pakt 4\\par Text.}",
    "post.eml": b"From: a@example.org\nSubject: Pakt\n\nText.",
    "post.txt": b"Received: by mx.example.org\nFrom: a@example.org\nSubject: Pakt 2\n\nText.",
    "notizen.md": b"---\ntitle: Pakt 3\n---\n\nText.",
    "bom.txt": b"\xef\xbb\xbf date 2024-06 Probe : Mit BOM\n\nVorspann.\n\nText.",
    "mac.txt": b" date 2024-06 Probe : Mac\r\rVorspann.\r\rText.",
    "nur-kopf.txt": b" date 2024-06 Probe : Nur der Kopf",
    "kein-titel.txt": b" date 2024-06-01 : \n\nText ohne Titel.",
    "ersatz.txt": b" date 2024-06 Probe : Ersatz\n\n\xed\xa0\x80 und \xef\xbf\xbf.\n\nText.",
    "gebrochen.txt": b" date 2024-06 Probe : Umbruch\n\nDie Wahl-\nrechtsreform.\n\nText.",
    "marken.txt": b" date 2024-06 Probe : Marken\n\n<p>M&uuml;ller</p><p>Text.</p>",
    "zweimal.txt": " date 2024-06 Probe : Zweimal\n\nGrÃ¼ÃŸe.\n\nText.".encode(),
    "pfad.json": b'{"headline": "Pfad", "id": "../../../etc/passwd", "url": "file:///etc/passwd"}',
    "code.txt": b"{{7*7}} ${jndi:ldap://x} <script>alert(1)</script>\n\n$(reboot) `id`",
}


def test_malformed_among_good_ones(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    good = {f"gut/{number:02}.txt": article(number) for number in range(20)}
    bad = {name: content for name, (content, _) in BAD.items()}
    drop(container, good | ODD | bad)
    processes.start("watch")
    intake = processes.start("intake", DEPESCHE_MAX_FILE_BYTES=str(LIMIT))
    processes.start("enrich", **pipeline(tmp_path))
    wait_until_ended(container, len(good) + len(ODD), len(bad))
    assert_ended(container, good | ODD, bad)
    for name, (_, word) in BAD.items():
        reason = reason_of(container.folders.failed / name)
        assert word.lower() in reason["error"].lower(), (name, reason)
        assert reason["stage"] == "parse"
        assert reason["advice"]
    assert intake.poll() is None
