"""Workflows in words and pictures, for the pages and the command line."""
