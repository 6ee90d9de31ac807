"""Where labels go: dots and label sizes in, a free place for each label out."""

from collections.abc import Sequence

Place = tuple[float, float]
Box = tuple[float, float, float, float]  # left, bottom, right, top

REACH = 4.0  # points between a dot's centre and its label
DOT = 2.4


def place_labels(
    dots: Sequence[Place], sizes: Sequence[Place], *, room: Place
) -> list[Place | None]:
    """Place each label beside its dot, clear of other dots and labels.

    Args:
        dots: centres, in points from the lower left corner of the room.
        sizes: width and height of each label, in points.
        room: width and height; no label leaves it to the right or left.

    Returns:
        The left end of each label at half its height; None where nothing is free.
        Earlier labels choose first.
    """
    taken: list[Box] = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in dots]
    placed: list[Place | None] = []
    for number, (dot, size) in enumerate(zip(dots, sizes, strict=True)):
        others = taken[:number] + taken[number + 1 :]
        found = next(
            (
                corner
                for corner in _candidates(dot, size)
                if _fits(_box(corner, size), room)
                and not any(_overlap(_box(corner, size), other) for other in others)
            ),
            None,
        )
        placed.append(found)
        if found is not None:
            taken.append(_box(found, size))
    return placed


def _candidates(dot: Place, size: Place) -> list[Place]:
    """Right, left, above, below, then the four corners."""
    (x, y), (width, height) = dot, size
    right, left, middle = x + REACH, x - REACH - width, x - width / 2
    up, down = y + REACH + height / 2, y - REACH - height / 2
    near = height / 2 + 1
    return [
        (right, y),
        (left, y),
        (middle, up),
        (middle, down),
        (right, y + near),
        (right, y - near),
        (left, y + near),
        (left, y - near),
    ]


def _box(corner: Place, size: Place) -> Box:
    (x, y), (width, height) = corner, size
    return (x, y - height / 2, x + width, y + height / 2)


def _fits(box: Box, room: Place) -> bool:
    return box[0] >= 0 and box[2] <= room[0] and box[1] >= 0 and box[3] <= room[1]


def _overlap(one: Box, other: Box) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]
