"""Slow work as generator functions: demo/backend/jobs.py runs each in a process of its own, free of Gradio."""
