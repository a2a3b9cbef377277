"""Disruptions as the public reads them, in every form, and as those who write about them see them."""
