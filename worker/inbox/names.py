"""Which names are articles-to-be. Pure rules: names, no files."""

from __future__ import annotations

import re

from extraction.containers.columns import FILE as COLUMNS
from extraction.formats.saved_page import is_assets_folder

#: Endings of what programs are still writing, and of their locks and back-ups.
UNFINISHED = (
    *(".part", ".partial", ".filepart", ".tmp", ".crdownload", ".crswap", ".download", ".aria2"),
    *(".swp", ".swo", ".lock", ".bak", "~"),
)
#: What Chrome calls scripts of a saved page, in its folder.
_SCRIPT = ".download"
#: What editors save beside a file: ``#article.txt#`` (Emacs), ``article.txt.sb-1a2b3c4d-XyZabc``
#: (macOS, which renames it to the file's own name at once).
_SAVED = re.compile(r"#.+#|.+\.sb-[0-9a-f]{8}-\w{6}")
#: What word processors call their locks: ``~$article.docx``.
OFFICE_LOCK = "~$"
#: What systems leave in folders, in lower case: Windows, macOS, network drives, file systems.
LITTER = frozenset(
    {
        *("desktop.ini", "thumbs.db", "ehthumbs.db", "$recycle.bin", "system volume information"),
        *(".ds_store", "__macosx", "icon\r", "network trash folder", "temporary items"),
        *("@eadir", "@recycle", "@recently-snapshot", "#recycle", "#snapshot", "lost+found"),
    }
)

HIDDEN = "a hidden name (it starts with a dot): rename it if it is an article"
WRITING = "a name of unfinished files or locks: rename it if it is an article"
SYSTEM = "what a system leaves in its folders, and no article"


def why_ignored(name: str, above: str = "") -> str:
    """Return why a name is left alone, in words for a person; empty if it is none of these.

    ``above``: the folder that it is in, where that may be one of a saved page.
    """
    if is_litter(name):
        return SYSTEM
    if name.startswith("."):
        return HIDDEN
    if name.lower().endswith(_SCRIPT) and is_assets_folder(above):
        return ""
    unfinished = name.lower().endswith(UNFINISHED) or name.startswith(OFFICE_LOCK)
    return WRITING if unfinished or _SAVED.fullmatch(name) else ""


def is_litter(name: str) -> bool:
    """Whether a name is only ever given by a system: not even who names it means an article."""
    return name.lower() in LITTER or name.startswith("._")


def ignored(name: str, above: str = "") -> bool:
    """Whether a name is none of an article, of a folder neither."""
    # What the columns of the tables beside it are is read there, and stays.
    return name.lower() == COLUMNS or bool(why_ignored(name, above))
