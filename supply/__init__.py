"""What a release is made of: whether it has known weaknesses, and a list of its parts."""
