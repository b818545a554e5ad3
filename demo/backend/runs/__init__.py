"""Training runs: their queue, what pages see of them, and what of them is kept."""
