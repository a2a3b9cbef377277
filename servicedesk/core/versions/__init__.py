"""Moving a ticket from one version of its workflow to another: to which state, what stands in the way, what changes."""
