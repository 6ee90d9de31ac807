"""What stands beside the verdicts and never in their place."""
