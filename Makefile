# Short names; everything real is in ./reproduce and ./test, which need no make.
.PHONY: report test lint

report:
	./reproduce

test:
	./test

lint:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
