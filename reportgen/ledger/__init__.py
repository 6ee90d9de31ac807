"""The account of every run: entries that chain, and the end each planned run came to.

Execution appends entries, analysis reads them; both understand them through here.
"""
