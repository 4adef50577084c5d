"""Readers of binary formats, each file in a process of its own that may do nothing but read it."""
