"""Small stand-ins for the services, with their rules and without their weight.

``elastic`` is an Elasticsearch in memory behind a real socket: the real client speaks to it, so
that its errors and its encoding are tested too. It evaluates what it is asked; whatever it does
not know it refuses loudly. How it ranks is its own, far simpler than Lucene's: what depends on
that is tested against a genuine server, in ``tests/integration``.
"""
