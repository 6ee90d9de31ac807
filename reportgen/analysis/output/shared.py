"""What several values have in common: nested maps in, said once, and back together."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

Fields = Mapping[str, JsonValue]


def in_common(values: Sequence[Fields]) -> dict[str, JsonValue]:
    """The fields in which all agree, into nested maps; of a single value, nothing."""
    if len(values) < 2:
        return {}
    first, *others = values
    found: dict[str, JsonValue] = {}
    for key, value in first.items():
        if all(key in other and _same(other[key], value) for other in others):
            found[key] = value
        elif isinstance(value, dict):
            inner = [one[key] for one in values if isinstance(one.get(key), dict)]
            if len(inner) == len(values):
                shared = in_common(inner)  # type: ignore[arg-type]
                found |= {key: shared} if shared else {}
    return found


def beyond(value: Fields, common: Fields) -> dict[str, JsonValue]:
    """What a value has beside the fields in common; `joined` puts it back."""
    rest: dict[str, JsonValue] = {}
    for key, own in value.items():
        if key not in common:
            rest[key] = own
        elif not _same(own, common[key]):
            rest[key] = beyond(own, common[key])  # type: ignore[arg-type]
    return rest


def joined(common: Fields, own: Fields) -> dict[str, JsonValue]:
    """A value of its own fields and those in common."""
    whole = {**common}
    for key, value in own.items():
        shared = common.get(key)
        if isinstance(shared, dict) and isinstance(value, dict):
            whole[key] = joined(shared, value)
        else:
            whole[key] = value
    return whole


def _same(one: JsonValue, other: JsonValue) -> bool:
    """Whether both are written alike: 1 and 1.0 are equal and are not."""
    return one == other and repr(one) == repr(other)
