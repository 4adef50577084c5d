"""Measurements: ratios taken in one run on one machine, and figures against public data."""
