"""The page that logs while somebody speaks: who it is, what is known of the matter, what is kept meanwhile."""
