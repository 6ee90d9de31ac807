"""What happened: one resolved run config in, one run record and its arrays out."""
