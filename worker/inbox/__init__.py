"""What is dropped, and when it is ready."""
