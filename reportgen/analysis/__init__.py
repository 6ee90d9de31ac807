"""What the runs mean: records in, facts with derivations and findings out."""
