"""Bytes -> Article -> Enrichment; knows neither queue nor index."""
