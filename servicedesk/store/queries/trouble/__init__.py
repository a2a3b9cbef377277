"""Tickets as TM Forum's TMF621 speaks of them, for the systems of suppliers and municipalities."""
