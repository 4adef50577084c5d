"""The index itself: mapping, aliases, migration, faults."""
