"""Tests of what a right is worth."""
