"""Every hyperparameter, read from the live objects of a run before its first step."""

from reportgen.training.capture.run import capture_run

__all__ = ["capture_run"]
