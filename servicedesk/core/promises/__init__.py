"""Whether promises fit together: what tiers and suppliers may take, against what the requester is promised."""
