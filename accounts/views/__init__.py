"""The pages of accounts, by use case."""
