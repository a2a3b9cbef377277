"""Tickets as the systems of suppliers and municipalities may see them."""
