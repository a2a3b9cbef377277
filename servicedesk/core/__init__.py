"""Pure rules. Standard library, `transitions` and `holidays` only: no Flask, no SQLAlchemy, no clock reads."""
