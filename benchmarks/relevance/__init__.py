"""How well a search finds what is looked for."""
