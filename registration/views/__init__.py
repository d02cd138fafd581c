"""The pages of registration and renewal, by use case."""
