"""Thin Celery tasks, and what other programs need to send them; no logic of their own."""
