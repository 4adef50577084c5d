"""Whose ``columns.toml`` speaks for whose tables, where others may put files beside them."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.unit.worker.intake.test_unpack import ids, in_portions, zipped
from tests.unit.worker.mirror.test_follow import Followed, tree
from worker import beneath
from worker.care.compared import Compared
from worker.care.verify import verify
from worker.intake.members import Trouble
from worker.intake.table_columns import TableColumns
from worker.spool.origin import Origin
from worker.spool.spool import Batch

__all__ = ["tree"]

DROPPER, HONEST = 65_534, 1_000
TABLE = (
    "Titel;Text;Ressort;Datum;Sperrfrist\n"
    "Hafen;Der Hafen wird vertieft.;Lokales;2026-11-02;2999-06-01T10:00:00+02:00\n"
    "Museum;Das Museum öffnet.;Lokales;2026-11-03;2999-06-01T10:00:00+02:00\n"
)
HIS = 'headline = "Text"\nbody = "Titel"\nid = "Ressort"\nslugline = "Sperrfrist"\n'
roots = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")


def shared_by_all(inbox: Path) -> None:
    inbox.chmod(0o1777)


def speaks(folder: Path, owner: int = DROPPER, said: str = HIS) -> None:
    """A folder of its owner's with his columns in it."""
    folder.mkdir(exist_ok=True)
    (folder / "columns.toml").write_text(said)
    for path in (folder / "columns.toml", folder):
        os.chown(path, owner, owner)


def dropped(container: FakeContainer, owner: int, files: Mapping[str, bytes]) -> Batch:
    with container.spool.filling() as batch:
        for name, content in files.items():
            path = batch.root / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            os.chown(path, owner, owner)
    return batch


def work(container: FakeContainer) -> None:
    for _ in range(20):
        for batch in container.spool.batches():
            container.intake.batch(batch.name)
    assert not container.spool.batches()


def headlines(fake: FakeElasticsearch) -> set[str]:
    return {fake.source(id_)["headline"] for id_ in ids(fake)}


@roots
def test_who_makes_a_folder_that_is_called_like_another_s_zip_says_nothing_of_what_is_in_it(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """The name is free as soon as the ZIP is claimed; rows became versions of one another, without
    the date and the embargo that they have."""
    shared_by_all(container.folders.inbox)
    speaks(container.folders.inbox / "a.zip")
    dropped(container, HONEST, {"a.zip": zipped({"meldungen.csv": TABLE})})
    work(container)
    assert headlines(fake) == {"Hafen", "Museum"}
    assert all(fake.source(id_)["embargo_until"] for id_ in ids(fake))


@roots
@pytest.mark.parametrize("mode", [0o1777, 0o777])
def test_nor_does_who_may_drop_say_what_the_tables_of_a_mirror_are(
    tree: Followed, mode: int
) -> None:
    inbox = tree.container.folders.inbox
    inbox.chmod(mode)
    speaks(inbox / "press")
    tree.write("tab.csv", TABLE)
    tree.turn()
    assert headlines(tree.fake) == {"Hafen", "Museum"}
    os.chown(inbox / "press" / "columns.toml", 0, 0)
    tree.write("neu.csv", TABLE.replace("Hafen;", "Neu;"))
    tree.turn()
    assert "Das Museum öffnet." in headlines(tree.fake), "root's counts"


@roots
def test_who_made_the_folder_of_a_mirror_s_name_sticky_does_not_own_the_way_to_it(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    shared_by_all(container.folders.inbox)
    speaks(container.folders.inbox / "a")
    (container.folders.inbox / "a").chmod(0o1777)
    dropped(container, HONEST, {"a/b.csv": TABLE.encode()})
    work(container)
    assert headlines(fake) == {"Hafen", "Museum"}


@roots
def test_everybody_speaks_for_his_own_tables_however_often_others_have_their_turn_between(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """Containers are taken over before they are read, and their members know no owner."""
    in_portions(container, 1, 0.0)
    shared_by_all(container.folders.inbox)
    swapped = 'headline = "Text"\nbody = "Titel"'
    speaks(container.folders.inbox / "seines", HONEST, swapped)
    table = "Titel;Text\n{0};Text {0}\n"
    inner = zipped({"zweite.csv": table.format(2)})
    alle = zipped({"erste.csv": table.format(1), "innen.zip": inner})
    own = {"seines/alle.zip": alle, "seines/andere.csv": table.format(3).encode()}
    dropped(container, HONEST, own)
    dropped(container, DROPPER, {"seines/fremd.csv": table.format(4).encode()})
    work(container)
    assert headlines(fake) == {"Text 1", "Text 2", "Text 3", "4"}
    container.client.indices.refresh(index=container.settings.index)
    verify(container, compared := Compared())
    assert compared.counts() == {}


@roots
def test_nor_where_it_is_a_mail_whose_tables_are_archived(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """Red before: it was asked for by its ending, which a mail, or a ZIP, need not have."""
    shared_by_all(container.folders.inbox)
    mail = EmailMessage()
    mail["Subject"], mail["Date"] = "Meldungen", "Mon, 02 Nov 2026 10:00:00 +0100"
    mail.set_content("Anbei die Meldungen des Tages.\n")
    table = TABLE.encode()
    mail.add_attachment(table, maintype="text", subtype="csv", filename="meldungen.csv")
    files = {"post.eml": mail.as_bytes(), "lieferung": zipped({"meldungen.csv": TABLE})}
    dropped(container, HONEST, files)
    work(container)
    for name in files:
        speaks(container.folders.inbox / name, said='headline = "Gibtsnicht"')
    container.client.indices.refresh(index=container.settings.index)
    verify(container, compared := Compared())
    assert compared.counts() == {}


def test_a_folder_that_only_a_container_has_is_none_of_the_inbox(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    speaks(container.folders.inbox / "a.zip", os.geteuid())
    speaks(container.folders.inbox, os.geteuid(), 'headline = "Text"\nbody = "Titel"')
    inner = zipped({"meldungen.csv": "Titel;Text\nA;B\n"})
    dropped(container, os.geteuid(), {"a.zip": zipped({"b.zip": inner})})
    (container.folders.inbox / "a.zip" / "columns.toml").write_text("kaputt")
    work(container)
    assert headlines(fake) == {"B"}


def test_columns_that_the_system_does_not_give_back_hold_no_purge_for_good(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: he takes their key away; a lease alone had an end."""
    folders = container.folders
    (folders.inbox / "columns.toml").write_text(HIS)

    def read_below(*_: object) -> bytes:
        raise OSError(errno.ENOKEY, "Required key not available")

    monkeypatch.setattr(beneath, "read_below", read_below)
    columns = TableColumns(folders.inbox, folders.archive)
    with pytest.raises(Trouble, match="Required key"):
        columns.of(Origin("a.csv"))
    assert columns.of(Origin("a.csv", overdue=True)) is None
