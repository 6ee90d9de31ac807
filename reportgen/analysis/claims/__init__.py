"""The verdicts: claims and evidence in, judged claims and their words out."""
