"""Evidence that a ledger is what it was."""
