"""Every verb, driven through every edge that offers it, gives the same state, journal, notices and refusals."""
