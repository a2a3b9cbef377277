"""Parts of a whole in percent that add up to a hundred."""

from collections.abc import Sequence


def percent(parts: Sequence[int]) -> list[int]:
    """Whole percents of the sum: what rounding down leaves goes to those it took most from. All zero of nothing."""
    whole = sum(parts)
    if not whole:
        return [0] * len(parts)
    shares = [part * 100 // whole for part in parts]
    largest_loss = sorted(range(len(parts)), key=lambda i: (-(parts[i] * 100 % whole), i))
    for i in largest_loss[: 100 - sum(shares)]:
        shares[i] += 1
    return shares
