"""What the runs left, made tidy: records in, scores and pairs of runs out."""
