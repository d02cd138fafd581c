"""The stories of a registration: begun, filled in, submitted, decided, renewed."""
