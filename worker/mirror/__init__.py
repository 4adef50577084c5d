"""Mirrors: folder trees that stay where they are, and are followed."""
