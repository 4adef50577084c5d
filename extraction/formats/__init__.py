"""Bytes to ``Article``: what a file may look like."""
