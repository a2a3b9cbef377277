"""Follow-up: figures over many tickets in a period, and the tickets behind each figure."""
