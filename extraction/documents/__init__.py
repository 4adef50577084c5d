"""Readers of binary formats: bytes to the blocks of a document. They run confined, and alone."""
