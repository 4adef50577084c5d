"""Who lives: what each process says of itself every few seconds, on disk and in Redis."""
