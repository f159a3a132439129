"""The example ledger that the package ships: the two notices of 2014 and 2017, and what may follow from such rights."""
