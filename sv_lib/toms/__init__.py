"""The method: measures, counting, valuation, when promises fall due, and double counts."""
