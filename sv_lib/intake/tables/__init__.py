"""The data dictionary: every input table and column, and the check of a file against it."""
