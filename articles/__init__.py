"""The ground floor that all share: the article and the errors."""
