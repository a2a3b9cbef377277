"""Another desk's log, read through a mapping into observed events, every row accounted for."""
