"""Forms: their fields, what happens when one is sent, and the one that logs a ticket."""
