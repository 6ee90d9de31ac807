"""How it is told: a study's spec and results in, one page and one paper out."""
