"""Backups: a database kept in a file, checked before it counts as one, and put back."""
