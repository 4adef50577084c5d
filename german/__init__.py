"""German, known once: words, compounds, sentences."""
