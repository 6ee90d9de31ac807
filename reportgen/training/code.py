"""Which code a run depends on: a config in, a digest per module out.

The import closure of the loop and of the components a config names, read from source:
comments, docstrings and layout do not count. Installed packages count by version, and
what only words or files a result (spec, records, errors) by its own version number.
"""

import ast
import hashlib
import importlib.util
import sysconfig
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from reportgen.metrics import METRICS
from reportgen.records import digest_json
from reportgen.spec.component import find_target
from reportgen.spec.model import RunConfig
from reportgen.training.datasets import DATASETS
from reportgen.training.models import MODELS
from reportgen.training.transforms import TRANSFORMS

ROOT = "reportgen.training.runner"
COMPUTES = ("reportgen.training", "reportgen.metrics")
# A catalogue decides nothing beyond which target a name stands for, and the targets
# are digested one by one: so a new model leaves all other runs as they are.
CATALOGUES = frozenset(
    {
        "reportgen.training.datasets",
        "reportgen.training.transforms",
        "reportgen.training.checks",
        "reportgen.training.models",
        "reportgen.metrics",
    }
)


def code_digests(config: RunConfig) -> dict[str, str]:
    """Digest of every module that can change this run's result, by module name.

    Sources are read once a process: what was imported does not change either.
    """
    return dict(_closure(tuple(sorted(set(_targets(config))))))


@lru_cache(maxsize=256)
def _closure(targets: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    waiting = [ROOT, *(target.partition(":")[0] for target in targets)]
    while waiting:
        module = waiting.pop()
        if module in found or module in CATALOGUES:
            continue
        path = _source(module)
        if path is not None:
            found[module], imported = _read(module, path)
            waiting.extend(imported)
    for target in targets:
        found[target] = _target_digest(target)
    return dict(sorted(found.items()))


def _targets(config: RunConfig) -> Iterator[str]:
    training = config.training
    yield find_target(config.data.use, "dataset", DATASETS)
    for step in (*config.data.transforms, *config.data.shifts.values()):
        yield find_target(step.use, "transform", TRANSFORMS)
    yield find_target(config.model.use, "model", MODELS)
    yield training.optimizer.use
    yield training.loss.use
    if training.scheduler is not None:
        yield training.scheduler.use
    measure = training.select.metric.partition("@")[0].partition(".")[2]
    for name in (*config.metrics, measure, "loss"):
        yield METRICS.get(name, name)


def _target_digest(target: str) -> str:
    """Digest of a target's name, and of its package's version where it is installed."""
    package = target.partition(":")[0].partition(".")[0]
    if package == "reportgen":
        return digest_json(target)
    return digest_json([target, *_distributions(package)])


@lru_cache(maxsize=64)
def _distributions(package: str) -> tuple[str, ...]:
    """The installed distributions that hold a package, with their versions."""
    try:
        return (f"{package}=={metadata.version(package)}",)
    except metadata.PackageNotFoundError:
        # Reads every installed file list, so only where names differ.
        owners = metadata.packages_distributions().get(package, [])
        return tuple(f"{one}=={metadata.version(one)}" for one in sorted(set(owners)))


@lru_cache(maxsize=2048)
def _source(module: str) -> Path | None:
    """The module's file, None where it is not ours to digest."""
    if module.partition(".")[0] == "reportgen" and not module.startswith(COMPUTES):
        return None
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    path = Path(spec.origin).resolve()
    if module.startswith(COMPUTES):
        return path
    return None if any(path.is_relative_to(one) for one in _installed()) else path


@lru_cache(maxsize=1)
def _installed() -> tuple[Path, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return tuple(Path(sysconfig.get_path(name)).resolve() for name in names)


@lru_cache(maxsize=512)
def _read(module: str, path: Path) -> tuple[str, tuple[str, ...]]:
    """SHA-256 of a file's syntax tree without words and layout, and its imports."""
    tree = ast.parse(path.read_bytes())
    digest = hashlib.sha256(repr(_essence(tree)).encode()).hexdigest()
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return digest, tuple(sorted({*_packages(module), *_imports(tree, package)}))


def _essence(node: object) -> object:
    """A syntax tree as nested tuples, the same under every Python that can parse it."""
    if isinstance(node, list):
        return tuple(_essence(one) for one in node)
    if not isinstance(node, ast.AST):
        return node
    fields = [
        (name, _essence(_without_docstring(node, name, value)))
        for name, value in ast.iter_fields(node)
        # Fields that newer versions add are empty where older code does not use them.
        if value is not None and value != []
    ]
    return type(node).__name__, tuple(fields)


def _without_docstring(node: ast.AST, name: str, value: object) -> object:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    if name != "body" or not isinstance(node, documented):
        return value
    first = node.body[0] if node.body else None
    is_text = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    return node.body[1:] if is_text else node.body


def _imports(tree: ast.Module, package: str) -> Iterator[str]:
    """Modules that a file imports anywhere, their packages included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from (alias.name, *_packages(alias.name))
        elif isinstance(node, ast.ImportFrom):
            name = node.module or ""
            if node.level:
                name = importlib.util.resolve_name("." * node.level + name, package)
            yield from (name, *_packages(name))
            # `from package import module` names a module, `… import thing` does not.
            yield from (f"{name}.{alias.name}" for alias in node.names)


def _packages(module: str) -> list[str]:
    """Names of the packages a module lies in, which run when it is imported."""
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]
