"""The only writers. One function per thing a person or a system can do; `actor` is always a required keyword."""
