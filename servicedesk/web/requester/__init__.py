"""What whoever asked is shown of their own ticket, and how they come to it."""
