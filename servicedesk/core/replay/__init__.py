"""What-if: real history folded under other agreements, calendars or a changed workflow, and the promises compared.

What happened stays as it happened: who did what, and when; warnings and timed steps included. Only what had been
promised for it, and whose time counted, is another. People might have acted otherwise under another promise: that no
replay can say.
"""
