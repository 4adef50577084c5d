"""What programs ask for by message: their files and articles take the same way as dropped ones."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extraction.errors import Misuse
from extraction.identity import printable_path
from tasks.messages import ArticleMessage
from worker import deposit
from worker.intake import Intake, ItemFate
from worker.spool import Batch


class Senders:
    """The work behind the tasks of the intake worker. Plain data in, plain data out."""

    def __init__(self, intake: Intake, folders: Sequence[Path]) -> None:
        self._intake = intake
        self._inbox = intake.folders.inbox
        self._allowed = list(folders)

    def batch(self, name: str) -> list[dict[str, Any]]:
        """Work a batch of the spool."""
        return [asdict(fate) for fate in self._intake.batch(name)]

    def article(self, message: ArticleMessage) -> dict[str, Any]:
        """Write the article down as a JSON file in the spool, then work it."""
        content = message.model_dump_json(exclude_defaults=True).encode()
        day = datetime.now(UTC).date().isoformat()
        relative = f"sent/{day}/{hashlib.sha256(content).hexdigest()[:16]}.json"
        batch = self._intake.spool.new()
        with batch.owned():
            deposit.put(batch, io.BytesIO(content), relative)
            (fate,) = self._intake.owned(batch)
        return asdict(fate)

    def files(self, paths: Sequence[str]) -> list[dict[str, Any]]:
        """Take the files over (by rename from the inbox, else by copy) and work them."""
        batch = self._intake.spool.new()
        with batch.owned():
            taken = {path: self._take(batch, path) for path in paths}
            fates = {fate.path: fate for fate in self._intake.owned(batch)}
        return [_answer(path, end, fates) for path, end in taken.items()]

    def _take(self, batch: Batch, path: str) -> str | ItemFate:
        """The file's path in the batch, or why it was not taken."""
        try:
            file, relative = self._permitted(Path(path))
            if (batch.root / relative).exists():
                raise Misuse(f"{path} is named twice")
            take = deposit.claim if file.is_relative_to(self._inbox.resolve()) else deposit.copy
            take(batch, file, relative)
        except (OSError, Misuse) as error:
            return ItemFate(path, "failed", "", f"it was not taken: {error}")
        return printable_path(relative)

    def _permitted(self, path: Path) -> tuple[Path, str]:
        """The real file and its path from now on; ``Misuse`` where it may not be had.

        The path is resolved first, so that no link and no ``..`` leads out of the folders. A file
        of the inbox keeps its path below it; others get their folder's name in front.
        """
        file = path.resolve()
        inbox = self._inbox.resolve()
        if file.is_relative_to(inbox) and file.is_file():
            return file, str(file.relative_to(inbox))
        for folder in (allowed.resolve() for allowed in self._allowed):
            if file.is_relative_to(folder) and file.is_file():
                return file, str(file.relative_to(folder.parent))
        raise Misuse(f"{path} is no file in a folder that DEPESCHE_INGEST_FOLDERS allows")


def _answer(path: str, end: str | ItemFate, fates: dict[str, ItemFate]) -> dict[str, Any]:
    fate = end if isinstance(end, ItemFate) else fates.get(end, ItemFate(path, "waiting"))
    return {**asdict(fate), "path": path}
