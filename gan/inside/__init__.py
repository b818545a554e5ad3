"""What happens inside a generator: its units, what each draws, and what changes when they are changed."""
