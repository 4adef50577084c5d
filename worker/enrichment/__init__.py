"""From pending to enriched documents."""
