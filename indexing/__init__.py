"""Elasticsearch: mapping, writing, searching, migrating; knows neither queue nor NLP."""
