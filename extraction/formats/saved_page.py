"""What a browser saves beside a page (``Artikel-Dateien/``, ``Article_files/``). Names alone."""

from __future__ import annotations

import re

#: As browsers and Windows call it, in the languages that they speak.
_FOLDER = re.compile(
    r"(?i)(?P<page>.+?)(?:[_-](?:files?|dateien|fichiers|archivos|bestanden|filer|arquivos|ficheiros"
    r"|pliki|soubory|s[uú]bory|tiedostot|dosyalar|datoteke|elemei|fitxers|fi[sș]iere|файлы)|\.files)"
)
#: What follows in it on the name of the page.
BEHIND_PAGE = "_-."
#: Of the page beside it.
ENDINGS = (".html", ".htm", ".xhtml", ".shtml")
#: What no article is, and pages are made of; Chrome adds the last to scripts.
_PARTS = (
    *(".css", ".js", ".mjs", ".map", ".svg", ".svgz", ".png", ".jpg", ".jpeg", ".gif", ".webp"),
    *(".avif", ".bmp", ".ico", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".swf", ".mp3", ".mp4"),
    *(".m4a", ".webm", ".ogg", ".wav", ".m3u8", ".ts", ".download"),
)


def is_assets_folder(name: str) -> bool:
    """Whether a folder is called as those are."""
    return _FOLDER.fullmatch(name) is not None


def pages_of(path: str) -> tuple[str, ...]:
    """Return where the page may lie to which a file belongs, by the folders that it is in.

    Nothing where it is in none that is called so. The page of the outermost is meant.
    """
    folders = path.split("/")[:-1]
    for depth, folder in enumerate(folders):
        if match := _FOLDER.fullmatch(folder):
            page = "/".join([*folders[:depth], match["page"]])
            return tuple(page + ending for ending in (*ENDINGS, *map(str.upper, ENDINGS)))
    return ()


def is_part(path: str) -> bool:
    """Whether a file is by its name what pages are made of, and no article."""
    return path.lower().endswith(_PARTS)
