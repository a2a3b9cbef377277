"""Scenarios: dated steps by named roles, and what is expected after each."""
