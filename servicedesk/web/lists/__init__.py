"""Pages that list tickets, on the same rows: queue, triage, search, notices; and how a list renews itself."""
