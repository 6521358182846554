"""What keeps the project: its environment, its pictures and its demonstration."""
