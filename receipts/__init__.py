"""The proof, and the moment cover begins."""
