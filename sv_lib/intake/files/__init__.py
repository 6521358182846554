"""Files as councils send them, read as tables of text, and the text of cells as exact values."""
