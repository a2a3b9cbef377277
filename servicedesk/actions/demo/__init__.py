"""The demonstration: sample lives of sample tickets, lived by the same actions as real ones."""
