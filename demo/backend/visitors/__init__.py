"""Whose things are whose: owners, uploads, rates, classes."""
