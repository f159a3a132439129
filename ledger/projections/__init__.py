"""What follows from a ledger: pure views of a state. One question a file; rows are immutable."""
