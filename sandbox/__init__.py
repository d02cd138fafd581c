"""The outside world for development and tests: FPX exchange and bank, SMS gateway, mail server.

A program of its own that shares no code with the portal, so that a mistake in one cannot hide in
the other.
"""
