"""The stories of a contribution: a plan chosen, a sum owed, cover started."""
