"""Working time: opening hours on civil calendars, and durations."""
