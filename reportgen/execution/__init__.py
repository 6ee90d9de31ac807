"""Who runs it: a plan in, stored records, a ledger and the study's bundle out."""
