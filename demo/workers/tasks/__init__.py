"""Jobs: generator functions, each run by demo/backend/jobs/jobs.py in its own process, without Gradio."""
