"""Pages of the web: markup -> the parts of an article."""
