"""What became of it all: runs, settings, data, controls and ledger accounted for."""
