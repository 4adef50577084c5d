"""``status`` says where an older release has written into an index of this one."""

from __future__ import annotations

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care.behind import behind


def test_documents_that_lack_what_every_one_has_today_are_counted(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    with container.spool.filling() as batch:
        for name in ("a", "b", "c"):
            (batch.root / f"{name}.txt").write_text(
                f" date 2024-06-19 Amt : {name}\n\nText {name}."
            )
    container.intake.batch(batch.name)
    container.client.indices.refresh(index="articles")
    assert list(behind(container)) == []
    index = fake.store.single("articles")
    first, second, third = list(index.documents)
    for id_ in (first, second):
        index.update(id_, {"shown_at": None})
    container.client.indices.refresh(index="articles")
    (note,) = behind(container)
    assert note.text.startswith("2 documents of an older release")
    assert note.wrong
    index.update(third, {"shown_at": None})
    container.client.indices.refresh(index="articles")
    assert list(behind(container)) == [], "of an index that is older itself something else tells"
