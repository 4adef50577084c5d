"""A saved page and its folder: the page is an article, the rest lies beside it, nothing is lost."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care.compared import Compared
from worker.care.repair import repair
from worker.care.restore import meant, restore
from worker.care.taking_away import finish
from worker.care.verify import verify
from worker.care.withdraw import Order, withdraw
from worker.intake.assets import ALONE, MOST
from worker.intake.reading import FileReader
from worker.spool.spool import Batch

PAGE = Path(__file__).parents[4] / "seeds" / "formats" / "seite.html"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
FRAME = b"<!DOCTYPE html><html><body><p>Anzeige</p></body></html>"
FILES: Mapping[str, bytes] = {
    "logo.png": PNG,
    "style.css": b"body { color: red }",
    "jquery.js.download": b"(function () { return 1 })()",
    "saved_resource.html": FRAME,
    "saved_resource": b"\x00\x01\x02" * 30,
    "leer.gif": b"",
    "f.txt": b"var a = 1;\nfunction b() { return a; }\n",
    "daten.json": b'[{"headline": "Teaser", "body": "x"}, {"headline": "Noch einer", "body": "y"}]',
    "innen.zip": b"PK\x05\x06" + bytes(18),
}


@pytest.fixture
def page() -> bytes:
    return PAGE.read_bytes()


def put(container: FakeContainer, files: Mapping[str, bytes]) -> Batch:
    with container.spool.filling() as batch:
        for name, data in files.items():
            path = batch.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return batch


def worked(container: FakeContainer, files: Mapping[str, bytes]) -> dict[str, str]:
    return {fate.path: fate.fate for fate in container.intake.batch(put(container, files).name)}


def below(folder: str, files: Mapping[str, bytes] = FILES) -> dict[str, bytes]:
    return {f"{folder}/{name}": data for name, data in files.items()}


def differences(container: FakeContainer, fake: FakeElasticsearch) -> dict[str, int]:
    container.client.indices.refresh(index=container.settings.index)
    compared = Compared()
    verify(container, compared)
    return compared.counts()


def lying(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("folder", ["Artikel-Dateien", "Artikel_files"])
def test_what_belongs_to_a_page_lies_beside_it_without_a_document(
    container: FakeContainer, fake: FakeElasticsearch, page: bytes, folder: str
) -> None:
    files = {"mai/Artikel.html": page, **below(f"mai/{folder}")}
    fates = worked(container, files)
    assert fates.pop("mai/Artikel.html") == "indexed"
    assert set(fates.values()) == {"asset"}
    assert lying(container.folders.archive) == sorted(files)
    assert lying(container.folders.failed) == []
    assert len(fake.store.single("articles").documents) == 1
    assert container.ledger.counts()["asset"] == len(FILES)
    assert differences(container, fake) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others, and takes them")
def test_what_belongs_to_a_page_is_ours_in_the_archive(
    container: FakeContainer, page: bytes
) -> None:
    batch = put(container, {"Artikel.html": page, **below("Artikel_files")})
    for file in (batch.root / "Artikel_files").iterdir():
        os.chown(file, 65534, -1)
    container.intake.batch(batch.name)
    archived = (container.folders.archive / "Artikel_files").iterdir()
    assert {file.stat().st_uid for file in archived} == {0}


@pytest.mark.parametrize("first", ["page", "folder"])
def test_the_page_may_come_before_its_folder_or_after(
    container: FakeContainer, fake: FakeElasticsearch, page: bytes, first: str
) -> None:
    files = below("Artikel_files", {k: FILES[k] for k in ("logo.png", "style.css", "leer.gif")})
    if first == "page":
        assert worked(container, {"Artikel.html": page}) == {"Artikel.html": "indexed"}
    batch = put(container, files)
    fates = container.intake.batch(batch.name)
    assert {fate.fate for fate in fates} == {"asset"}
    assert ({fate.reason for fate in fates} == {ALONE}) == (first == "folder")
    if first == "folder":
        assert worked(container, {"Artikel.html": page}) == {"Artikel.html": "indexed"}
    assert differences(container, fake) == {}


def test_a_page_that_waits_in_the_inbox_or_has_failed_is_one(container: FakeContainer) -> None:
    (container.folders.inbox / "Artikel.html").write_bytes(b"")
    (container.folders.failed / "Andere.htm").write_bytes(b"")
    files = {"Artikel_files/f.txt": FILES["f.txt"], "Andere_files/f.txt": FILES["f.txt"]}
    assert set(worked(container, files).values()) == {"asset"}


def test_where_everybody_may_put_files_nobody_s_page_makes_parts_of_others_articles(
    container: FakeContainer, fake: FakeElasticsearch, page: bytes
) -> None:
    """Who dropped ``Presse.html`` had all that came into ``Presse-Dateien`` archived, unread."""
    container.folders.inbox.chmod(0o1777)
    text = " date 2024-06-19 Bau : Neue Brücke\n\nDer Rat.\n\nText.".encode()
    row = b'{"headline": "Neue Schleuse", "body": "Der Bau."}'
    with BytesIO() as packed:
        with ZipFile(packed, "w") as archive:
            archive.writestr("a.json", row)
        files = {"a.txt": text, "b.zip": packed.getvalue(), "c.png": PNG}
    assert worked(container, {"Presse.html": page}) == {"Presse.html": "indexed"}
    assert worked(container, below("Presse-Dateien", files)) == {
        "Presse-Dateien/a.txt": "indexed",
        "Presse-Dateien/b.zip": "unpacked",
        "Presse-Dateien/c.png": "asset",
    }
    assert differences(container, fake) == {}


def test_without_a_page_what_may_be_an_article_is_read_or_fails(
    container: FakeContainer, fake: FakeElasticsearch, page: bytes
) -> None:
    text = " date 2024-06-19 Bau : Neue Brücke\n\nDer Rat.\n\nText.".encode()
    files = {"a.txt": text, "seite.html": page, "kaputt.pdf": b"%PDF-1.4 kaputt", "a.png": PNG}
    fates = worked(container, below("Recherche-Dateien", files))
    assert fates == {
        "Recherche-Dateien/a.txt": "indexed",
        "Recherche-Dateien/seite.html": "failed",
        "Recherche-Dateien/kaputt.pdf": "failed",
        "Recherche-Dateien/a.png": "asset",
    }
    assert differences(container, fake) == {}


def test_in_an_archive_too(container: FakeContainer, fake: FakeElasticsearch, page: bytes) -> None:
    target = BytesIO()
    with ZipFile(target, "w") as whole:
        for name, data in {"Artikel.html": page, **below("Artikel-Dateien")}.items():
            whole.writestr(name, data)
    (fate,) = container.intake.batch(put(container, {"presse.zip": target.getvalue()}).name)
    assert fate.fate == "unpacked"
    assert fate.reason == f"a ZIP archive: 1 indexed, {len(FILES)} asset"
    assert lying(container.folders.failed) == []
    assert differences(container, fake) == {}


def test_one_that_was_an_article_before_its_page_came_stays_one(
    container: FakeContainer, fake: FakeElasticsearch, page: bytes
) -> None:
    text = " date 2024-06-19 Bau : Neue Brücke\n\nDer Rat.\n\nText.".encode()
    assert worked(container, {"Artikel_files/a.txt": text}) == {"Artikel_files/a.txt": "indexed"}
    assert worked(container, {"Artikel.html": page}) == {"Artikel.html": "indexed"}
    assert differences(container, fake) == {}


def test_one_whose_page_a_person_took_away_is_known_by_the_ledger(
    container: FakeContainer, fake: FakeElasticsearch, page: bytes
) -> None:
    files = {"Artikel.html": page, "Artikel_files/saved_resource": FILES["saved_resource"]}
    assert set(worked(container, files).values()) == {"indexed", "asset"}
    (container.folders.archive / "Artikel.html").unlink()
    assert differences(container, fake) == {"no_file": 1}


def opened(container: FakeContainer, batch: Batch, name: str) -> int:
    """How often a folder of that name is opened to tell of its files whether they are parts."""
    reads = [FileReader(1000, leases=False).read(file) for file in batch.files()]
    names: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        real = os.open

        def noted(path: str, *flags: int, dir_fd: int | None = None) -> int:
            names.append(path)
            return real(path, *flags, dir_fd=dir_fd)

        patch.setattr(os, "open", noted)
        assert all(read.asset for read in container.intake.assets.look(batch, reads))
    return names.count(name)


@pytest.mark.parametrize("folder", ["taz", "/".join(["taz"] * 80)])
def test_a_page_is_looked_for_in_so_many_folders_however_many_batches_and_files_wait(
    container: FakeContainer, folder: str
) -> None:
    """Red before: for each file and each ending of a page anew, in each batch of the spool."""
    for _ in range(40):
        put(container, {f"{folder}/x_files/b.css": b"b {}"})
    batch = put(container, {f"{folder}/x_files/{n}.css": b"a {}" for n in range(8)})
    assert opened(container, batch, "taz") <= MOST + 4 * len(folder.split("/"))


@pytest.mark.parametrize("names", [("x.html", "x_files/f.txt"), ("x_files/f.txt", "x.html")])
def test_a_page_in_a_batch_beside_its_folder_s_is_found_first(
    container: FakeContainer, names: tuple[str, str]
) -> None:
    both = [f"{'a/' * 80}{name}" for name in names]
    for number in range(20):
        put(container, {f"{number}.txt": b"x"})
    batches = [put(container, {name: b"x"}) for name in both]
    for number in range(20):
        put(container, {f"{number}.txt": b"x"})
    folder = both[0] if names[0].endswith(".txt") else both[1]
    batch = next(each for each in batches if (each.root / folder).exists())
    assert container.intake.assets.near(batch).of(folder) == f"{'a/' * 80}x.html"


@pytest.mark.parametrize("gap", ["read", "indexed", "recorded", "moved"])
def test_killed_anywhere_each_ends_once(
    container: FakeContainer, fake: FakeElasticsearch, page: bytes, gap: str
) -> None:
    files = {"Artikel.html": page, **below("Artikel_files")}
    batch = put(container, files)

    def reach(name: str) -> None:
        if name == f"intake.{gap}":
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("worker.failpoint.reach", reach)
        with pytest.raises(KeyboardInterrupt):
            container.intake.batch(batch.name)
    container.intake.batch(batch.name)
    assert lying(container.folders.archive) == sorted(files)
    assert container.ledger.counts()["asset"] == len(FILES)
    assert repair(container, Compared()) == 0
    assert differences(container, fake) == {}


def withdrawn(container: FakeContainer, path: str, *, purge: bool = False) -> None:
    withdraw(container, container.ledger.ids_under(path), Order("order", "desk", purge))
    finish(container)


def test_it_is_withdrawn_with_its_page_and_restored_with_it(
    container: FakeContainer, fake: FakeElasticsearch, page: bytes
) -> None:
    files = {"mai/Artikel.html": page, **below("mai/Artikel-Dateien")}
    worked(container, {**files, "mai/Bild-Dateien/logo.png": PNG})
    withdrawn(container, "mai/Artikel.html")
    assert lying(container.folders.archive) == ["mai/Bild-Dateien/logo.png"]
    assert lying(container.folders.withdrawn) == sorted(files)
    assert differences(container, fake) == {}
    assert set(worked(container, {"neu/Bild-Dateien/logo.png": PNG}).values()) == {"asset"}
    restore(container, [meant(container, "mai/Artikel.html")])
    fates = [f for b in container.spool.batches() for f in container.intake.batch(b.name)]
    assert sorted(fate.fate for fate in fates) == ["asset"] * len(FILES) + ["indexed"]
    assert lying(container.folders.withdrawn) == []
    assert differences(container, fake) == {}


def test_it_is_purged_with_its_page(
    container: FakeContainer, fake: FakeElasticsearch, page: bytes
) -> None:
    worked(container, {"Artikel.html": page, **below("Artikel_files")})
    withdrawn(container, "Artikel.html", purge=True)
    folders = container.folders
    for place in (folders.archive, folders.withdrawn, folders.failed):
        assert list(place.iterdir()) == [], "a folder's name may be a headline"
    assert repair(container, Compared()) == 0


def test_what_another_page_has_too_stays(container: FakeContainer, page: bytes) -> None:
    another = re.sub(rb"https?://[^\"]*", b"https://example.org/zwei", page)
    worked(container, {"Artikel.html": page, "Artikel.htm": another, "Artikel_files/a.png": PNG})
    withdrawn(container, "Artikel.html")
    assert "Artikel_files/a.png" in lying(container.folders.archive)
