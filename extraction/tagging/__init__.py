"""Names in text: the pipeline and its layers."""
