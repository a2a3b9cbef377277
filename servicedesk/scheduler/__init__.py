"""The scheduler edge: APScheduler runs the jobs. What is due stands in the database: nothing is lost when it stops."""
