"""Files that hold many articles: a stream of bytes -> members, each a file of its own."""
