"""Tables and constraints, no decisions; `queries/` is the read side."""
