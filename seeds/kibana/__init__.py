"""The Kibana objects, their sources, and what compiles the one from the other."""
