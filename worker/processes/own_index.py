"""The index as the settings want it: made where it is not there, and its replicas set."""

from __future__ import annotations

from contextlib import suppress

from articles.errors import DepescheError, UsageError
from worker.container import Container


def make_index(container: Container) -> bool:
    """Make the index and its aliases; false where they are there. Raises as ``create_index``.

    Those of the rules about names and of withdrawals, too, for workers may not have the right to.
    """
    # Elasticsearch's client takes a second to load: the services are started before it.
    from indexing.index import shared_rules, withdrawals
    from indexing.index.manage import create_index

    settings = container.settings
    shared_rules.make(container.client, settings.index)
    withdrawals.make(container.client, settings.index)
    return create_index(
        container.client, settings.index, shards=settings.shards, replicas=settings.replicas
    )


def follow_replicas(container: Container) -> tuple[int, int] | None:
    """Give it the replicas it should have: before and after, ``None`` where it has them."""
    from indexing.index.copies import follow

    return follow(container.client, container.settings.index, container.settings.replicas)


def why_work_waits(container: Container) -> str:
    """Why the index takes no work as it is, as one of an earlier release; "" where it does."""
    from indexing.index.ready import check_writable

    try:
        check_writable(container.client, container.settings.index)
    except DepescheError as error:
        return str(error)
    return ""


def make_or_follow(container: Container) -> None:
    """Both, for a start; who may make an index need not have the right to change it."""
    if not make_index(container):
        with suppress(UsageError):  # `status` says what is missing
            follow_replicas(container)
