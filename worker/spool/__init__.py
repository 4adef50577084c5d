"""Claimed files to their end on disk."""
