"""Settling a contribution through FPX."""
