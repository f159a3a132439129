"""What a right is worth: from market data to the price of the notice (item 12). One method a file."""
