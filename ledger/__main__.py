"""`python -m ledger` is `rights`."""

from ledger.cli.main import main

main()
