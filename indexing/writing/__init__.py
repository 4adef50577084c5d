"""Documents into the index, and their states."""
