"""The read side. Every read of tickets takes the viewer and starts from `visible`."""
