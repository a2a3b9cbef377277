"""What people change of the installation in pages: one module a noun."""
