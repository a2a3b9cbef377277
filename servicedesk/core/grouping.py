"""By what a board can be divided, and the steps of age."""

from datetime import timedelta
from enum import StrEnum


class By(StrEnum):
    MUNICIPALITY = "municipality"
    SERVICE = "service"
    TIER = "tier"
    AGE = "age"


# Column of age -> how old its youngest ticket is; youngest column first.
AGES: dict[str, timedelta] = {
    "new": timedelta(0),
    "days": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}
