"""What only the archive knows: copies of a story, bearers of a surname, a user's rules."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands import Command
from tests.processes import Processes, states, wait_for
from worker.container import Container

FACTS = (
    "Das Umweltbundesamt in Dessau hat am Mittwoch neue Messwerte vorgelegt.",
    "Danach ist die Belastung der Flüsse mit Nitrat im vergangenen Jahr um ein Zehntel gesunken.",
    "Die Behörde führt das auf strengere Regeln für die Landwirtschaft zurück.",
    "Vor allem in Niedersachsen hätten die Betriebe weniger Dünger ausgebracht.",
    "Der Bauernverband sprach von einem Erfolg der Höfe und verlangte Geld für neue Technik.",
    "Naturschützer nannten die Werte dagegen noch immer viel zu hoch.",
    "Im Herbst will die Regierung über eine neue Verordnung beraten.",
)
OTHER = (
    "Die Feuerwehr in Kassel hat einen Schwan aus einem Schornstein befreit. Das Tier war in der "
    "Nacht in den Kamin eines Wohnhauses gefallen. Nach einer Stunde war es wieder auf der Fulda."
)


@pytest.fixture
def depesche(processes: Processes) -> Command:
    return Command(processes)


def _drop(container: Container, name: str, headline: str, body: str) -> None:
    text = f" date 2024-06-20 Umwelt : {headline}\n\n{body}"
    temporary = container.folders.inbox / f".{name}"
    temporary.write_text(text)
    temporary.rename(container.folders.inbox / name)


def _documents(container: Container, *fields: str) -> dict[str, dict[str, Any]]:
    container.client.indices.refresh(index=container.settings.index)
    answer = container.client.search(
        index=container.settings.index, size=100, source_includes=[*fields, "source.path"]
    )
    hits = answer["hits"]["hits"]
    return {hit["_source"]["source"]["path"]: hit["_source"] | {"id": hit["_id"]} for hit in hits}


def _enriched(container: Container, count: int) -> None:
    wait_for(lambda: states(container) == {"enriched": count}, f"{count} enriched documents")


@pytest.mark.parametrize("at_once", [False, True])
def test_copies_are_one_story(container: Container, processes: Processes, at_once: bool) -> None:
    """In whatever order they come, and when several processes read them at the same moment."""
    copies = 12 if at_once else 4
    processes.start_all(DEPESCHE_ENRICH_PROCESSES="3", DEPESCHE_ENRICH_BATCH="1")
    _drop(container, "schwan.txt", "Schwan gerettet", OTHER)
    for number in range(copies):
        body = " ".join(fact for fact in FACTS if fact != FACTS[number % len(FACTS)] or not number)
        _drop(container, f"{number}.txt", f"Weniger Nitrat, Fassung {number}", body)
        if not at_once:
            _enriched(container, number + 2)
    _enriched(container, copies + 1)
    names = [f"{number}.txt" for number in range(copies)]

    def stories() -> set[str]:
        documents = _documents(container, "story")
        return {documents[name]["story"] for name in names}

    wait_for(lambda: len(stories()) == 1, "the second look")
    (story,) = stories()
    documents = _documents(container, "story")
    named = next(path for path, document in documents.items() if document["id"] == story)
    assert named == "0.txt" or (at_once and named != "schwan.txt")
    assert documents["schwan.txt"]["story"] == documents["schwan.txt"]["id"]


def test_a_bare_surname_means_whom_the_archive_means(
    container: Container, processes: Processes
) -> None:
    processes.start_all()
    for number in range(6):
        body = f"Angela Merkel stellte die {number}. Messung vor. Merkel lobte die Helfer."
        _drop(container, f"{number}.txt", f"Messung {number} in Dessau", body)
    _enriched(container, 6)
    _documents(container)  # what is asked of the archive has been refreshed
    _drop(
        container,
        "bare.txt",
        "Streit um Nitrat",
        "Kanzlerin Merkel wies die Kritik am Abend zurück.",
    )
    _enriched(container, 7)
    assert _documents(container, "people")["bare.txt"]["people"] == ["Angela Merkel"]


def test_a_users_rule_holds_for_new_articles_and_with_reenrich_for_old_ones(
    container: Container, processes: Processes, depesche: Command
) -> None:
    processes.start_all()
    body = "Petra Lindenau stellte die Messung vor. Petra Lindenau lobte die Helfer in Dessau."
    _drop(container, "alt.txt", "Messung in Dessau", body)
    _enriched(container, 1)
    said = depesche("entities", "rename", "Petra Lindenau", "Petra Lindenau-Weiß")
    assert "reenrich" in said
    _drop(container, "neu.txt", "Neue Messung in Dessau", body.replace("Messung", "Zählung"))
    _enriched(container, 2)
    documents = _documents(container, "people")
    assert documents["neu.txt"]["people"] == ["Petra Lindenau-Weiß"]
    assert documents["alt.txt"]["people"] == ["Petra Lindenau"]
    depesche("reenrich", "--wait")
    _enriched(container, 2)
    assert _documents(container, "people")["alt.txt"]["people"] == ["Petra Lindenau-Weiß"]


def test_a_rule_that_is_none_is_refused(depesche: Command) -> None:
    assert "can stand in no rule" in depesche("entities", "block", "a = b", status=2)
