"""How annotated news is read and scored."""

from __future__ import annotations

import io
import tarfile
from collections import Counter
from pathlib import Path

from articles.article import Enrichment, Mention
from benchmarks import news
from benchmarks.news_gold import ARCHIVES, FOLDER, Name, articles, inline, part_of, tabled
from extraction.formats.parse import parse

TEXT = (
    " date 2024-05-03 Kurz notiert\n\n"
    "Eva Muster (SPD) und Muster sprachen zum Nato-Gipfel in Essen."
)
TABLE = (
    "PER\tEva Muster\tEva Muster | Muster\nORG\tSPD\tSPD\nLOC\tEssen\tEssen#1\n"
    "ORGpart\tNato\tNato-Gipfel\nnonsense\n"
)
MARKED = (
    " date 2024-05-03 Kurz notiert\n\n{PER:Eva Muster} ({ORG:SPD}) und {PER:Muster=Eva Muster} "
    "sprachen zum {ORGpart:Nato}-Gipfel in {LOC:Essen}."
)


def test_both_forms_say_the_same() -> None:
    by_table, by_marks = tabled("1", TEXT, TABLE), inline("a1", MARKED)
    assert by_table.text == by_marks.text == TEXT
    full = [name for name in by_table.names if name.label != "ORGpart"]
    assert full == [name for name in by_marks.names if name.label != "ORGpart"]
    assert [TEXT[n.start : n.end] for n in full] == ["Eva Muster", "SPD", "Muster", "Essen"]
    assert {n for n in by_marks.names if n.label == "ORGpart"} == {
        Name(TEXT.index("Nato"), TEXT.index("-Gipfel"), "ORGpart", "Nato")
    }
    assert (by_table.kind, by_marks.kind) == ("wikinews", "a")


def test_the_longest_surface_counts_and_only_the_wanted_occurrence() -> None:
    text = "Das Essen in Essen: Essen"
    (name,) = tabled("1", text, "LOC\tEssen\tEssen#2\n").names
    assert name.start == text.index("in Essen") + 3


def test_articles_are_split_by_their_name_alone() -> None:
    shares = Counter(part_of(str(number)) for number in range(1600))
    assert 150 < shares["test"] < 250
    assert 150 < shares["dev"] < 250
    assert (part_of("a05"), part_of("10022")) == (part_of("a05"), "dev")


def test_archives_are_read_whole_and_by_part(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    _packed(tmp_path / FOLDER / ARCHIVES[0], {"w/10022.txt": TEXT, "w/10022.tsv": TABLE})
    _packed(tmp_path / FOLDER / ARCHIVES[1], {"written/a1.txt": MARKED})
    assert [article.stem for article in articles(tmp_path)] == ["10022", "a1"]
    assert "10022" in [article.stem for article in articles(tmp_path, "dev")]
    assert "10022" not in [article.stem for article in articles(tmp_path, "train", "test")]


def _packed(path: Path, files: dict[str, str]) -> None:
    with tarfile.open(path, "w:xz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content.encode())
            archive.addfile(info, io.BytesIO(content.encode()))


def _counted(**lists: tuple[str, ...]) -> dict[str, news.Count]:
    labels = {"people": "PER", "organisations": "ORG", "places": "LOC", "misc": "MISC"}
    body = parse(TEXT.encode(), "1.txt").body
    mentions = [
        Mention(labels[kind], name, name, "body", at, at + len(name))  # type: ignore[arg-type]
        for kind, names in lists.items()
        for name in names
        if (at := body.find(name)) >= 0
    ]
    read = Enrichment(mentions=tuple(mentions), **lists)  # type: ignore[arg-type]
    return news.count(tabled("1", TEXT, TABLE), parse(TEXT.encode(), "1.txt"), read)


def test_a_second_name_of_one_entity_is_wrong() -> None:
    people = _counted(people=("Eva Muster", "Muster"))["PER"]
    assert (people.right, people.given, people.found, people.wanted) == (1, 2, 1, 1)


def test_a_name_of_another_label_is_wrong_and_missing() -> None:
    counts = _counted(places=("SPD",))
    assert (counts["LOC"].right, counts["LOC"].given) == (0, 1)
    assert (counts["ORG"].found, counts["ORG"].wanted) == (0, 1)
    assert any("wrong" in line for line in counts["LOC"].wrong)


def test_names_that_are_only_parts_count_neither_way_and_for_themselves() -> None:
    counts = _counted(organisations=("SPD", "Nato"))
    assert (counts["ORG"].given, counts["ORG"].right) == (1, 1)
    parts = counts["parts"]
    assert (parts.given, parts.right, parts.found, parts.wanted) == (1, 1, 1, 1)
    assert _counted()["parts"].found == 0
