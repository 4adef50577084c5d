"""What a browser saves beside a page is told by names: of its folder, of the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.formats.saved_page import is_assets_folder, is_part, pages_of


@pytest.mark.parametrize(
    ("folder", "page"),
    [
        *(("Neue Brücke-Dateien", "Neue Brücke"), ("Article_files", "Article")),
        *(("a.files", "a"), ("Un pont_fichiers", "Un pont"), ("Puente_archivos", "Puente")),
        *(("Brug_bestanden", "Brug"), ("Most_soubory", "Most"), ("Bro-filer", "Bro")),
        *(("Мост_файлы", "Мост"), ("ponte_file", "ponte"), ("A_FILES", "A")),
    ],
)
def test_a_page_is_looked_for_beside_its_folder(folder: str, page: str) -> None:
    assert is_assets_folder(folder)
    assert f"mai/{page}.html" in pages_of(f"mai/{folder}/bilder/a.png")
    assert f"{page}.htm" in pages_of(f"{folder}/a")


@pytest.mark.parametrize("folder", ["_files", "-Dateien", "Dateien", "files", "Akten", "a_files_b"])
def test_other_folders_belong_to_no_page(folder: str) -> None:
    assert not is_assets_folder(folder)
    assert pages_of(f"{folder}/a.png") == ()


def test_the_page_of_the_outermost_folder_is_meant() -> None:
    assert "a.html" in pages_of("a_files/b_files/c.png")
    assert "b.html" not in pages_of("a_files/b_files/c.png")


@pytest.mark.parametrize(
    ("name", "part"),
    [
        *(("a.PNG", True), ("x.js.download", True), ("style.css", True), ("a.woff2", True)),
        *(("a.txt", False), ("a.html", False), ("a.pdf", False), ("saved_resource", False)),
    ],
)
def test_parts_are_told_by_their_names(name: str, part: bool) -> None:
    assert is_part(f"a_files/{name}") == part


@given(st.text(max_size=60))
def test_any_path_has_pages_or_none(path: str) -> None:
    assert all(page.rpartition("/")[2] for page in pages_of(path))
