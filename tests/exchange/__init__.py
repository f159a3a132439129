"""Other forms in and out, and comparisons with registers of others."""
