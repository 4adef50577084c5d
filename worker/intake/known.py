"""As what files are known that were read: which article each is, and whether it is let in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.intake.continued import Continued
from worker.intake.mirrored import Mirrored
from worker.intake.reading import ReadFile
from worker.intake.refusing import Refusing
from worker.intake.same_path import SamePath
from worker.intake.set_keys import by_set_keys
from worker.spool.settings_by_hand import SettingsByHand
from worker.spool.spool import Batch


@dataclass(frozen=True, slots=True)
class Known:
    """Looks up articles: what is read of files, and what others know of them."""

    refusing: Refusing
    continued: Continued
    same_path: SamePath
    mirrored: Mirrored
    by_hand: SettingsByHand

    def look(self, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]:
        """The files, each as what it is. Raises ``ServiceUnavailable`` where that is not known."""
        return by_set_keys(self.by_hand, self._known(batch, reads))

    def _known(self, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]:
        """The files as what they are known: withdrawn, parts, texts that come again, mirrored."""
        if batch.mirror():
            reads = self.same_path.look(batch, self.refusing.look(reads))
            # Once more, for the path tells which article it is: that may be withdrawn.
            return self.refusing.look(self.mirrored.look(batch, reads))
        reads = self.refusing.look(self.continued.look(batch, reads))
        return self.same_path.look(batch, reads)
