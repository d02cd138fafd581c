"""The FPX exchange: its messages, its judgment of a request, its answers."""
