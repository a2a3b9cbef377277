"""An installation as streams of rows that either kind of database takes: what backup, restore and move are made of."""
