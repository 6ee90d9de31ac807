"""What was asked: one YAML file in, a validated study and its run plan out."""
