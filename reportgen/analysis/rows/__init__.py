"""Rows of data sets side by side: arrays in, masks, pairs and features out."""
