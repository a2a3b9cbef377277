"""A process as data: its definition, who may take a step, what it needs and what it does."""
