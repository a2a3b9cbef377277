"""Follow-up: the period, each block of figures, and the tickets behind one."""
