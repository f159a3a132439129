"""The rules of the ledger: pure functions of their arguments, one file for one item of the notice.

Nothing in here knows a clock, a database, a file or the environment.
"""
