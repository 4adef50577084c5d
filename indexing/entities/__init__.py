"""Pages and rankings of people, organisations and places."""
