"""What people type about themselves, checked; nothing here writes or counts."""
