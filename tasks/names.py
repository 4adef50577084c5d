"""What tasks and queues are called. It imports nothing: whoever only counts needs no Celery."""

from __future__ import annotations

INTAKE_FILES = "ingest.files"
INTAKE_ARTICLE = "ingest.article"
INTAKE_BATCH = "intake.batch"
ENRICH_DOCUMENTS = "enrich.documents"

INTAKE_QUEUE = "intake"
ENRICH_QUEUE = "enrich"
#: Where a program that has only Celery and sends by name puts its messages.
DEFAULT_QUEUE = "celery"
