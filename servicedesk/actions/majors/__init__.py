"""Major incidents."""
