"""A small supplier's desk of its own: another process, another database, other numbers.

It knows the service desk by the public API and webhooks alone, and stands for every supplier's system in the
demonstration and in the tests.
"""
