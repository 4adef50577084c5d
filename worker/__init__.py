"""Processes: the Celery app, watcher, spool, reconciler and the command line."""
