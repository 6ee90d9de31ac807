"""What a design can show before it runs: a spec in, powers and sizes out."""
