"""Two sites: data folders of their own on one index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.parts import FakeContainer


def of(container: FakeContainer, site: str, data: Path) -> FakeContainer:
    return FakeContainer(container.settings.model_copy(update={"site": site, "data": data}))


@pytest.fixture
def hamburg(container: FakeContainer, tmp_path: Path) -> Iterator[FakeContainer]:
    """One of two sites."""
    parts = of(container, "hamburg", tmp_path / "hamburg")
    yield parts
    parts.client.close()


@pytest.fixture
def bremen(container: FakeContainer, tmp_path: Path) -> Iterator[FakeContainer]:
    """The other."""
    parts = of(container, "bremen", tmp_path / "bremen")
    yield parts
    parts.client.close()
