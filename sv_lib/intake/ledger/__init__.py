"""A council's payments: which column is which, which rows are payments, what is to be decided."""
