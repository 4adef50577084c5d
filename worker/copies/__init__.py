"""A second copy of the archive, in a bucket of S3: behind the local move, never before it."""
