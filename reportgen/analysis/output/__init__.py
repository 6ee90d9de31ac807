"""What analysis writes: facts, tables and files of a study, and back."""
