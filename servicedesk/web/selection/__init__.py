"""One act on the tickets that somebody has selected: what can be done, what it would change, and what came of it."""
