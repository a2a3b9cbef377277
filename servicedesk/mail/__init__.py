"""The mail edge: what those who ask are told goes out by SMTP. Whoever starts a scheduler starts it beside that."""
