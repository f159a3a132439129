"""Packages in Open Cap Format and its Japanese variant: those of others read, our own written and read again."""
