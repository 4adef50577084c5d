"""What is still to do is told to the workers."""
