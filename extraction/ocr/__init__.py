"""Scans: pages that are pictures, read by tesseract where it is installed."""
