"""What whoever manages a tier watches: promises at risk, and load by team."""
