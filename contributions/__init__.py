"""Plans, what is owed, the coverage period."""
