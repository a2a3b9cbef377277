"""The ticket's page: chain, clocks, timeline, ledger, what one can write and change."""
