"""The spool: batches of claimed files, each a folder that is work still to do.

    spool/<claimed at>-<random>/          (…-<container>-<number>: a part of a container's members)
        files/<path below the inbox>      what is left to index
        claimed/<path below the inbox>    what was claimed and is still to be looked at
        lock                              held (flock) by whoever works on the batch
        working                           there while somebody works; left behind by a death
        attempts.json                     tries of single files after a death
        survived.json                     those of them in which the file was read to its end
        looks.json                        and deaths while it was looked up which article it is
        tried                             there once anything of it may be in the index
        held                              there once nothing in it waits but for its own sender
        came.json                         when files came that are tried again, by their paths
        replaces.json                     there where archived files are read again: the ids of
                                          documents that they are to replace
        unpacked.json                     how far the containers among its files are unpacked
        origin.json                       whose its containers were before they were taken over, and
                                          its copies of a mirror's files before they were copied;
                                          of members the path of theirs, and whose that was
        turns.json                        which of its files had a turn, and take long
        postponed                         there where its containers have none before others'
        faults.json                       why members of a container are none, by their paths
        mirror.json                       there where its files are copies of a mirror's: whose, and
                                          of members the container in which they lie; whether
                                          they had a turn in another batch

Every folder in it is one that Depesche has made: whoever owned one could put a link into it, and
have files read and moved that are not his. What is no file goes to ``spool/refused``.

The kernel drops the lock when its holder dies, so that a death is known at once. A batch is
done when it has no files; then its folder goes.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from articles.errors import DepescheError
from worker import beneath, failpoint
from worker.atomic import write_json
from worker.lock import is_still, taken

FILES, CLAIMED = "files", "claimed"
_MIRROR = "mirror.json"
_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}(?:[0-9a-f]{4})?(?:-[0-9a-f]{16}-\d{1,9}){0,9}")
#: Of a new batch. Those of 0.1.0 have 4, and are the only ones that its intake takes: it knows
#: nothing of ``claimed``, and would remove a batch with files there.
_RANDOM_BYTES = 6
_TIME = "%Y%m%dT%H%M%S.%fZ"
_UNSEEN = timedelta(seconds=10)  # a new batch is hidden for an instant only
_TURN_SECONDS, _LOOK_SECONDS = 30.0, 0.05  # for a batch of members that another one works on


def claimed_at(name: str) -> datetime:
    """When a batch of that name was claimed (UTC)."""
    return datetime.strptime(name.partition("-")[0], _TIME).replace(tzinfo=UTC)


def stamp(moment: datetime) -> str:
    """How the name of a batch begins that is claimed at this moment (UTC)."""
    return moment.astimezone(UTC).strftime(_TIME)


def iso(moment: datetime) -> str:
    """How documents and the ledger tell a moment (UTC): those texts compare as the moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class SpooledFile:
    """One claimed file; ``relative`` is its path below the inbox, as the file system has it."""

    path: Path
    relative: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch folder; the folder's existence is the truth, this only names it."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def received(self) -> datetime:
        """When the batch was claimed (UTC)."""
        return claimed_at(self.name)

    @property
    def root(self) -> Path:
        return self.folder / FILES

    @property
    def attempts(self) -> Path:
        return self.folder / "attempts.json"

    @property
    def survived(self) -> Path:
        return self.folder / "survived.json"

    @property
    def looks(self) -> Path:
        return self.folder / "looks.json"

    def tried(self) -> bool:
        """Whether anything of it may be in the index already; from now on it may be."""
        mark = self.folder / "tried"
        if mark.exists():
            return True
        mark.touch()
        return False

    def unanswered(self) -> datetime | None:
        """When something was sent to the index that nobody has heard of since (UTC)."""
        try:
            return datetime.fromtimestamp(self._sent.stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    def sends(self) -> None:
        """Say that something of it is on its way to the index."""
        self._sent.touch()

    def answered(self) -> None:
        """Say that the index has told of all that was sent."""
        self._sent.unlink(missing_ok=True)

    @property
    def _sent(self) -> Path:
        return self.folder / "sent"

    def hold(self, held: bool = True) -> None:
        """Say that all that is left waits for who is still writing it, or that it does no more."""
        if held:
            (self.folder / "held").touch()
        else:
            (self.folder / "held").unlink(missing_ok=True)

    def held(self) -> bool:
        """Whether that was said: then it is none of the work that others have to wait for."""
        return (self.folder / "held").exists()

    def had_turn(self) -> bool:
        """Whether others are to have theirs before it: what is left of it, or is so large, is slow.

        Of members their container had one.
        """
        return self.depth > 0 or self.turns.exists() or self.unpacked.exists()

    def postpone(self) -> None:
        """Say that its containers go behind all others' files, also before their first turn."""
        (self.folder / "postponed").touch()

    def postponed(self) -> bool:
        """Whether that was said."""
        return (self.folder / "postponed").exists()

    def keeps_waiting(self) -> bool:
        """Whether others have to wait for it. Who keeps his own files open keeps no others
        waiting, nor whose files take long.
        """
        return not (self.held() or self.had_turn())

    def replace(self, documents: Mapping[str, Sequence[str]]) -> None:
        """Say that it is read again, and which documents, by id, each file is to replace.

        Before the files are put in.
        """
        write_json(self.folder / "replaces.json", documents)

    def reread(self) -> bool:
        """Whether its files come out of the archive."""
        return (self.folder / "replaces.json").exists()

    def replaces(self) -> dict[str, list[str]] | None:
        """The ids of the documents that each file is to replace, by path; None if nothing is said.

        What is said means: these files come out of the archive.
        """
        try:
            content = json.loads((self.folder / "replaces.json").read_text())
        except FileNotFoundError:
            return None
        return {str(name): [str(id_) for id_ in ids] for name, ids in content.items()}

    def came(self, moments: Mapping[str, datetime]) -> None:
        """Say of files that are tried again when they came. Before they are put in."""
        told = {relative: iso(moment) for relative, moment in moments.items()}
        write_json(self.folder / "came.json", told)

    def came_at(self, relative: str) -> str:
        """When a file came, where that was said (as ``iso`` tells it); else ""."""
        try:
            return str(json.loads((self.folder / "came.json").read_text()).get(relative, ""))
        except FileNotFoundError:
            return ""

    def mirror_of(self, name: str, container: str = "", *, again: bool = False) -> None:
        """Say that its files are copies of a mirror's, and go when they are done with.

        ``container``: the path of the one that they are members of. ``again``: they had a turn, in
        another batch. Before the files are put in.
        """
        told = {"mirror": name, "container": container, "again": "yes" if again else ""}
        write_json(self.folder / _MIRROR, told)

    def mirror(self) -> str:
        """The name of the mirror whose files it has; "" where they come from elsewhere."""
        return self._mirrored().get("mirror", "")

    def container(self) -> str:
        """The path of the mirror's container whose members it has; else ""."""
        return self._mirrored().get("container", "")

    def again(self) -> bool:
        """Whether a mirror's files in it, or their container, had a turn in another batch."""
        return bool(self._mirrored().get("again"))

    def _mirrored(self) -> dict[str, str]:
        try:
            content = json.loads((self.folder / _MIRROR).read_text())
        except FileNotFoundError:
            return {}
        return {str(name): str(value) for name, value in content.items()}

    @property
    def first(self) -> str:
        """The name of the batch that was claimed; of members that of their container's."""
        return "-".join(self.name.split("-")[:2])

    @property
    def unpacked(self) -> Path:
        return self.folder / "unpacked.json"

    @property
    def turns(self) -> Path:
        return self.folder / "turns.json"

    @property
    def faults(self) -> Path:
        return self.folder / "faults.json"

    @property
    def depth(self) -> int:
        """How many containers its files lie in."""
        return (self.name.count("-") - 1) // 2

    def files(self) -> list[SpooledFile]:
        """What is left to do, in the order of the paths.

        Raises ``OSError`` where a folder may not be looked into: there is more to do than we see.
        """
        try:
            with beneath.folder(self.root) as root:
                names = sorted(beneath.files(root))
        except FileNotFoundError:
            return []
        return [SpooledFile(self.root / name, name) for name in names]

    @contextmanager
    def owned(self) -> Iterator[bool]:
        """Own the batch while inside; False where somebody else does or the batch is gone."""
        try:
            handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            yield False
            return
        try:
            yield taken(handle) and is_still(handle, self.folder / "lock")
        finally:
            os.close(handle)

    @contextmanager
    def working(self) -> Iterator[bool]:
        """Mark the work for whoever comes after a death; True where the last worker died."""
        mark = self.folder / "working"
        died = mark.exists()
        mark.touch()
        try:
            yield died
        except (DepescheError, OSError):
            mark.unlink(missing_ok=True)  # a service or a disk is at fault, and no file
            raise
        mark.unlink(missing_ok=True)

    def abandoned(self) -> bool:
        """Whether its worker died: the mark is there, and nobody holds the lock."""
        if not (self.folder / "working").exists():
            return False
        with self.owned() as free:
            return free

    def close(self) -> bool:
        """Remove the batch's folder if nothing is left to do in it; never a file of an article."""
        try:
            for name in (CLAIMED, FILES):
                self._remove(name)
        except OSError:
            return False  # something is left
        failpoint.reach("spool.emptied")
        shutil.rmtree(self.folder, ignore_errors=True)
        return True

    def _remove(self, name: str) -> None:
        with suppress(FileNotFoundError), beneath.folder(self.folder, [name]) as below:
            beneath.remove_folders(below)
            (self.folder / name).rmdir()


def room(batches: Sequence[Batch], most: int) -> int:
    """How many may be made beside these, of ``most`` for which others have to wait."""
    if len(batches) < most:
        return most - len(batches)
    return most - sum(batch.keeps_waiting() for batch in batches)


@dataclass(frozen=True, slots=True)
class Spool:
    """All batches."""

    folder: Path

    def batch(self, name: str) -> Batch | None:
        """The batch of that name, or None; a name that is no batch's name leads nowhere."""
        if not _NAME.fullmatch(name):
            return None
        batch = Batch(self.folder / name)
        return batch if batch.folder.is_dir() else None

    def batches(self) -> list[Batch]:
        """All batches, oldest first."""
        with suppress(FileNotFoundError):
            names = sorted(name for name in os.listdir(self.folder) if _NAME.fullmatch(name))
            return [Batch(self.folder / name) for name in names]
        return []

    def sweep(self) -> None:
        """Remove what was left of a new batch by a death before anybody could see it."""
        with suppress(FileNotFoundError):
            hidden = [name for name in os.listdir(self.folder) if _NAME.fullmatch(name[1:])]
            for batch in (Batch(self.folder / name) for name in hidden if name[0] == "."):
                if datetime.now(UTC) - claimed_at(batch.name[1:]) > _UNSEEN:
                    with batch.owned() as free:
                        if free:
                            batch.close()

    def __len__(self) -> int:
        return len(self.batches())

    @contextmanager
    def members(self, container: Batch, key: str, number: int) -> Iterator[Batch | None]:
        """The batch of that part of a container's members, owned while inside.

        None where another process works on it for long.
        ``key``: 16 hexadecimal digits that tell the container from others of its batch. The same
        part has the same name and moment, so that what is done twice is done once.
        """
        batch = Batch(self.folder / f"{container.name}-{key}-{number}")
        ends = time.monotonic() + _TURN_SECONDS
        while time.monotonic() < ends:
            batch.folder.mkdir(mode=0o700, exist_ok=True)
            batch.root.mkdir(exist_ok=True)
            with batch.owned() as mine:
                if mine:
                    yield batch
                    return
            time.sleep(_LOOK_SECONDS)
        yield None

    @contextmanager
    def filling(self) -> Iterator[Batch]:
        """A new batch, owned while inside. It is locked before anybody can see it."""
        batch = Batch(
            self.folder / f"{stamp(datetime.now(UTC))}-{secrets.token_hex(_RANDOM_BYTES)}"
        )
        hidden = Batch(self.folder / f".{batch.name}")
        hidden.folder.mkdir(mode=0o700)  # no parents: where the spool is gone, its disk is away
        hidden.root.mkdir()
        with hidden.owned():
            failpoint.reach("spool.hidden")
            hidden.folder.rename(batch.folder)
            failpoint.reach("spool.visible")
            yield batch
