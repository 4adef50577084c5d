"""From a batch to indexed documents."""
