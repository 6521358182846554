"""The questions: pure functions over frames. No files, clock, randomness or formatting."""
