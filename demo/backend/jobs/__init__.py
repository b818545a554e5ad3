"""Background jobs: searches, report cards, exports, what is asked about a model's inside."""
