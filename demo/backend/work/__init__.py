"""How work gets done: in child processes, or on a Ray cluster."""
