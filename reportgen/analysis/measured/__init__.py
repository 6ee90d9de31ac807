"""What was measured of this tool itself: error rates and planted mistakes."""
