"""What a workflow definition guarantees, proven before it is used."""
