"""Prometheus: what was done, and what waits."""
