"""What a vendor runs against its own side before the desk does: its webhook receiver, and its client."""
