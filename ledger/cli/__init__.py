"""The command line: forms over `ledger.open_ledger`. No rule, no SQL; the only place that prints."""
