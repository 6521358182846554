"""What auditors run on a finished run: trace a figure, verify the run, compare two runs."""
