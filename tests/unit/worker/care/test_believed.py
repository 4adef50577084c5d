"""Who may write documents has nothing of others' taken away; without a ledger he is believed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from articles.errors import ServiceUnavailable
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker import failpoint
from worker.care.believed import believed
from worker.care.taking_away import finish
from worker.care.withdraw import Order, withdraw
from worker.intake.told import LONGEST, MOST_NAMES
from worker.spool import deposit
from worker.spool.ledger import Entry, FileFate, Ledger
from worker.spool.naming import distinct_name
from worker.spool.withdrawal import KeptFile

BODY = "Karsten Holm war in Bremen. " * 12
TEXT = f" date 2024-06-20 Amt : Bericht {{}}\n\n{BODY}"
RAIN = " date 2024-06-21 Wetter : Regen {}\n\n" + "Es regnet in Jena und in Gera. " * 12
KEEP, PURGE = Order("the press law", "desk"), Order("the press law", "desk", purge=True)
STRANGE = "cd" * 32


def dropped(container: FakeContainer, files: Mapping[str, str | bytes]) -> dict[str, str]:
    """Ids by path, those of members too."""
    with container.spool.filling() as batch:
        for path, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            deposit.put(batch, io.BytesIO(raw), path)
    container.intake.batch(batch.name)
    container.client.indices.refresh(index="articles")
    return {row.path: row.id for row in container.ledger.articles()}


def forged(
    container: FakeContainer,
    fake: FakeElasticsearch,
    like: str,
    files: list[tuple[str, str]],
    id_: str = "s-forged",
) -> str:
    """The id of a document that names these paths and digests as its own, the first as current."""
    lines = [
        {"number": number, "path": path, "sha256": digest}
        for number, (path, digest) in enumerate(files[1:], 2)
    ]
    document = fake.source(like)
    path, digest = files[0]
    source = {**document["source"], "path": path, "sha256": digest}
    forged = {**document, "headline": "Spam", "body": "Spam", "source": source, "history": lines}
    fake.store.single("articles").put(id_, forged)
    container.client.indices.refresh(index="articles")
    return id_


def gone(container: FakeContainer, id_: str, order: Order = PURGE) -> None:
    withdraw(container, [id_], order)
    finish(container, steps=("index", "files"))


def lying(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def page(title: str) -> str:
    text = f"<h1>{title}</h1><p>{BODY}</p><p>{title} {BODY}</p>"
    return f"<html><head><title>{title}</title></head><body><article>{text}</article></body></html>"


def zipped(**members: str) -> bytes:
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return content.getvalue()


def digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def test_the_path_and_the_likeness_of_another_s_text_do_not_make_it_the_same(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    id_ = dropped(container, {"a.txt": TEXT.format(1)})["a.txt"]
    gone(container, forged(container, fake, id_, [("a.txt", STRANGE)], "t-" + "e" * 24))
    assert lying(container.folders.archive) == ["a.txt"]
    assert set(fake.store.single("articles").documents) == {id_}


def test_a_later_text_of_the_path_goes_with_it_though_it_is_in_the_spool_still(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has a document of its own; the ledger knows the first one alone."""
    first = dropped(container, {"a.txt": TEXT.format(1)})["a.txt"]

    def dies(point: str) -> None:
        if point == "intake.indexed":
            raise ServiceUnavailable(point)

    with monkeypatch.context() as patch:
        patch.setattr(failpoint, "reach", dies)
        patch.setattr("worker.intake.same_path.SamePath.look", lambda _, __, reads: reads)
        with pytest.raises(ServiceUnavailable):
            dropped(container, {"a.txt": TEXT.format("1, berichtigt") + "Und mehr."})
    container.client.indices.refresh(index="articles")
    (second,) = set(fake.store.single("articles").documents) - {first}
    gone(container, second, KEEP)
    assert lying(container.folders.archive) == []


@pytest.mark.parametrize("order", [KEEP, PURGE])
@pytest.mark.parametrize("lost", [False, True])
def test_what_lies_beside_another_s_page_stays(
    container: FakeContainer, fake: FakeElasticsearch, order: Order, *, lost: bool
) -> None:
    files: dict[str, str | bytes] = {"b.txt": RAIN, "Seite.html": page("Eins")}
    files["Seite_files/bild.png"] = b"\x89PNG123"
    ids = dropped(container, files)
    if lost:  # of the page, and not of what lies beside it
        container.ledger.withdrawn([ids["Seite.html"]])
        container.ledger.restored([ids["Seite.html"]])
    gone(container, forged(container, fake, ids["b.txt"], [("Seite.html", STRANGE)]), order)
    believed_where_nothing_is_known = {"Seite_files/bild.png"} if lost else set()
    assert set(lying(container.folders.archive)) == files.keys() - believed_where_nothing_is_known


@pytest.mark.parametrize(
    ("path", "of"),
    [
        ("kiste.zip/eins.txt", STRANGE),
        ("kiste.zip/anders.txt", digest(TEXT.format(1))),
        ("kiste.zip/neu.txt", STRANGE),
        ("broken.zip/eins.txt", STRANGE),
        ("broken.zip/neu.txt", STRANGE),
        ("failed.zip/eins.txt", STRANGE),
    ],
)
def test_containers_of_others_stay(
    container: FakeContainer, fake: FakeElasticsearch, path: str, of: str
) -> None:
    boxes: dict[str, str | bytes] = {
        "kiste.zip": zipped(eins=TEXT.format(1), zwei=TEXT.format(2)),
        "broken.zip": zipped(eins=TEXT.format(3)),
        "failed.zip": b"PK\x03\x04 and no more",
    }
    id_ = dropped(container, {"b.txt": RAIN, **boxes})["b.txt"]
    folders = container.folders
    (folders.archive / "broken.zip/broken.zip").write_bytes(b"PK\x03\x04 and no more")
    (folders.failed / "failed.zip").write_bytes(zipped(eins=TEXT.format(4)))
    before = lying(folders.archive), lying(folders.failed)
    gone(container, forged(container, fake, id_, [("spam.txt", "ab" * 32), (path, of)]))
    assert (lying(folders.archive), lying(folders.failed)) == before


def box() -> dict[str, bytes]:
    """What lies in a container, beside articles, that is none, or held some."""
    texts = {"eins.txt": TEXT.format(5).encode(), "tief/eins.txt": TEXT.format(6).encode()}
    left = {
        ".notiz.txt": b"by hand",
        "columns.toml": b"headline = 'Titel'",
        "__MACOSX/eins.txt": b"\x00\x05",
        "leer.txt": b"",
    }
    inner = packed({"zwei.txt": RAIN.format(7).encode(), "Thumbs.db": b"pictures"})
    return {**texts, **left, "innen.zip": inner, "kaputt.zip": b"PK\x03\x04 and no more"}


def packed(members: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return content.getvalue()


@pytest.mark.parametrize("name", ["x", "innen.zip/x", "{}", "as renamed"])
@pytest.mark.parametrize("which", [*box(), "innen.zip/Thumbs.db"])
def test_a_container_of_others_goes_for_no_digest_that_is_no_text_of_the_article(
    container: FakeContainer, fake: FakeElasticsearch, name: str, which: str
) -> None:
    """Who has the same delivery knows the digests of all that is in it."""
    id_ = dropped(container, {"b.txt": RAIN, "kiste.zip": packed(box())})["b.txt"]
    before = lying(container.folders.archive)
    raw = {**box(), "innen.zip/Thumbs.db": b"pictures"}[which]
    of = sha256(raw).hexdigest()
    renamed = str(Path(which).with_name(distinct_name(Path(which).name, of[:12])))
    told = renamed if name == "as renamed" else name.format(which)
    named = (f"kiste.zip/{told}", of)
    gone(container, forged(container, fake, id_, [("spam.txt", STRANGE), named]))
    assert lying(container.folders.archive) == before


def test_nor_for_one_that_looks_like_a_name_and_a_digest(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    id_ = dropped(container, {"b.txt": RAIN, "kiste.zip": packed(box())})["b.txt"]
    of = sha256(box()["__MACOSX/eins.txt"]).hexdigest()
    files = [("kiste.zip/eins.txt", f"{of}/__MACOSX"), ("kiste.zip/eins.txt", f"\0{of}")]
    gone(container, forged(container, fake, id_, [("spam.txt", STRANGE), *files]))
    assert "kiste.zip/kiste.zip" in lying(container.folders.archive)


@pytest.mark.parametrize("outer", ["failed.zip", "failed.tar", "failed", "failed~0123456789ab.zip"])
def test_a_container_that_failed_goes_for_nothing_that_a_document_alone_says(
    container: FakeContainer, fake: FakeElasticsearch, outer: str
) -> None:
    """What is in it may be nowhere else, and it may have another's name."""
    boxes: dict[str, str | bytes] = {"failed.zip": b"PK\x03\x04 and no more"}
    id_ = dropped(container, {"b.txt": RAIN, **boxes})["b.txt"]
    places = [container.folders.failed / name for name in ("failed.zip", "failed~0123456789ab.zip")]
    for place in places:
        place.write_bytes(zipped(eins=TEXT.format(4)))
    named = (f"{outer}/eins.txt", digest(TEXT.format(4)))
    gone(container, forged(container, fake, id_, [("spam.txt", STRANGE), named]))
    assert all(place.exists() for place in places)


def test_a_container_that_came_before_the_ledger_was_lost_goes_by_name_and_digest(
    container: FakeContainer,
) -> None:
    """Another one of that path has come since, so that the name alone tells nothing."""
    texts = TEXT.format(1), RAIN.format(2)
    id_ = dropped(container, {"kiste.zip": zipped(eins=texts[0])})["kiste.zip/eins.txt"]
    container.ledger.close()
    container.ledger.path.unlink()
    dropped(container, {"kiste.zip": zipped(eins=texts[1])})
    gone(container, id_)
    other = zipped(eins=texts[1])
    lie = lying(container.folders.archive)
    assert lie == [
        f"kiste.zip/eins~{digest(texts[1])[:12]}.txt",
        f"kiste.zip/kiste~{sha256(other).hexdigest()[:12]}.zip",
    ]


def test_a_part_of_a_page_takes_no_container_of_others_along(container: FakeContainer) -> None:
    """A logo is everywhere."""
    logo = b"\x89PNG\r\n\x1a\n123"
    first = {"Eins.html": page("Eins").encode(), "Eins_files/logo.png": logo}
    second = {"Zwei.html": page("Zwei").encode(), "Zwei_files/logo.png": logo}
    id_ = dropped(container, {"kiste.zip": packed(first)})["kiste.zip/Eins.html"]
    other = packed(second)
    dropped(container, {"kiste.zip": other})
    gone(container, id_)
    of = sha256(other).hexdigest()[:12]
    assert lying(container.folders.archive) == [
        "kiste.zip/Zwei.html",
        "kiste.zip/Zwei_files/logo.png",
        f"kiste.zip/kiste~{of}.zip",
    ]


@pytest.mark.parametrize("order", [KEEP, PURGE])
@pytest.mark.parametrize("lies", ["kiste.zip/kiste.zip", "kiste.zip/kiste~{}.zip", "failed.zip"])
def test_a_container_is_no_document_s_own_file(
    container: FakeContainer, fake: FakeElasticsearch, order: Order, lies: str
) -> None:
    """Of containers the ledger has no digest, and who has sent one knows it."""
    boxes = [zipped(eins=TEXT.format(1)), zipped(zwei=TEXT.format(2))]
    id_ = dropped(container, {"b.txt": RAIN, "kiste.zip": boxes[0]})["b.txt"]
    dropped(container, {"kiste.zip": boxes[1], "failed.zip": b"PK\x03\x04 and no more"})
    folders = container.folders
    place = folders.failed if lies == "failed.zip" else folders.archive
    lies = lies.format(sha256(boxes[1]).hexdigest()[:12])
    before = lying(folders.archive), lying(folders.failed)
    of = sha256((place / lies).read_bytes()).hexdigest()
    gone(container, forged(container, fake, id_, [("spam.txt", STRANGE), (lies, of)]), order)
    assert (lying(folders.archive), lying(folders.failed)) == before


def test_what_failed_under_the_name_of_a_file_that_the_ledger_lost_keeps_it_not(
    container: FakeContainer,
) -> None:
    id_ = dropped(container, {"a.txt": TEXT.format(1)})["a.txt"]
    container.ledger.close()
    container.ledger.path.unlink()
    dropped(container, {"a.txt": b""})
    gone(container, id_)
    assert lying(container.folders.archive) == []


@pytest.mark.parametrize("lost", [False, True])
def test_one_s_own_container_goes_by_its_path_whatever_text_it_has(
    container: FakeContainer, fake: FakeElasticsearch, *, lost: bool
) -> None:
    """As it did, and where the ledger was deleted, too."""
    id_ = dropped(container, {"kiste.zip": zipped(eins=TEXT.format(1))})["kiste.zip/eins.txt"]
    (container.folders.archive / "kiste.zip/kiste.zip").write_bytes(zipped(eins=TEXT.format(2)))
    if lost:
        container.ledger.close()
        container.ledger.path.unlink()
    gone(container, id_)
    assert lying(container.folders.archive) == []


def test_another_s_file_stays_by_the_name_that_it_has_in_the_archive(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    dropped(container, {"b.txt": RAIN.format(1)})
    other = TEXT.format(2)
    id_ = dropped(container, {"b.txt": other})["b.txt"]
    renamed = f"b~{digest(other)[:12]}.txt"
    assert lying(container.folders.archive) == ["b.txt", renamed]
    gone(container, forged(container, fake, id_, [(renamed, digest(other))]))
    assert lying(container.folders.archive) == ["b.txt", renamed]


def test_a_part_of_another_s_page_is_no_article_s_file(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    files = {"b.txt": RAIN, "Seite.html": page("Eins")}
    part = "body { color: red }"
    id_ = dropped(container, {**files, "Seite_files/a.css": part})["b.txt"]
    gone(container, forged(container, fake, id_, [("Seite_files/a.css", digest(part))]))
    assert "Seite_files/a.css" in lying(container.folders.archive)


def test_a_copy_after_the_ledger_was_lost_goes_with_its_article(container: FakeContainer) -> None:
    """The ledger knows the bytes by the copy alone, and the same article's."""
    id_ = dropped(container, {"a.txt": TEXT.format(1)})["a.txt"]
    container.ledger.close()
    container.ledger.path.unlink()
    assert dropped(container, {"copy.txt": TEXT.format(1)}) == {"copy.txt": id_}
    gone(container, id_)
    assert lying(container.folders.archive) == []


def test_the_path_of_a_lost_file_that_another_has_now_is_not_believed_but_its_bytes_are(
    container: FakeContainer,
) -> None:
    id_ = dropped(container, {"a.txt": TEXT.format(1)})["a.txt"]
    container.ledger.close()
    container.ledger.path.unlink()
    dropped(container, {"a.txt": RAIN})
    gone(container, id_)
    assert lying(container.folders.archive) == [f"a~{digest(RAIN)[:12]}.txt"]


def row(path: str, fate: FileFate, id_: str) -> Entry:
    return Entry("b", path, fate, id_, digest(path), "", "2026-11-30T00:00:00Z")


def test_the_rule(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.record(
        [
            row("a.txt", "indexed", "s-1"),
            row("k.zip", "unpacked", ""),
            row("k.zip/a.txt", "indexed", "s-1"),
            row("f.zip", "failed", ""),
            row("f.txt", "failed", ""),
        ]
    )
    paths = ["a.txt", "k.zip/a.txt", "k.zip/b.txt", "f.zip/a.txt", "f.txt", "new/b.txt"]
    odd = ["x" * (LONGEST + 1), "a\ud800", "/".join("x" * (MOST_NAMES + 1))]
    own: dict[str, Any] = {"s-1": [KeptFile("k.zip/b.txt", "")]}
    found = believed(ledger, {"s-1": paths[:3], "s-2": [*paths, *odd]}, own)
    assert found == {"s-1": {"k.zip/b.txt"}, "s-2": {"f.txt", "new/b.txt"}}
    ledger.close()
    ledger.path.unlink()
    assert believed(ledger, {"s-2": paths}, {}) == {"s-2": set(paths)}
