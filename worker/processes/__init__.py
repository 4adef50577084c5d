"""The processes: what each runs, and who starts it."""
