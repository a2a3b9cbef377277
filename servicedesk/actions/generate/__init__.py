"""Installations of any size: sample lives learnt once by the demonstration's own actions, and lived again."""
