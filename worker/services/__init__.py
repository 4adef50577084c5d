"""The embedded services: a genuine Elasticsearch and a genuine Redis as child processes."""

from worker.services.keeper import keeping
from worker.services.manage import running, start, stop
from worker.services.model import NAMES, Endpoint, Plan
from worker.services.reporter import Reporter, Say

__all__ = [
    "NAMES",
    "Endpoint",
    "Plan",
    "Reporter",
    "Say",
    "keeping",
    "running",
    "start",
    "stop",
]
