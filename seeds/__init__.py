"""Data that ships with Depesche: sample articles, gazetteers, the Kibana objects."""
