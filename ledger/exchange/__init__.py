"""Other forms: registers and packages of others read into entries, the ledger written for others, and both compared."""
