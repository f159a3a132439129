"""Registers kept elsewhere, and published figures, beside the ledger."""
