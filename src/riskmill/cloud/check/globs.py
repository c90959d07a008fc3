"""Whether two patterns can mean the same text."""

ANY, SEGMENT, NAME, ONE = "*", "#", "~", "?"
_STARS = (ANY, SEGMENT, NAME)
_BARRED = {ANY: "", SEGMENT: ":/", NAME: ":"}


def can_meet(one: str, other: str) -> bool:
    """
    Whether some text matches both patterns.

    In either, `*` is any text, `#` any text without colon and slash, `~` any text without
    colon, `?` one character.
    """
    reached = {(0, 0)}
    waiting = [(0, 0)]
    while waiting:
        place = waiting.pop()
        if place == (len(one), len(other)):
            return True
        for following in _steps(one, other, *place):
            if following not in reached:
                reached.add(following)
                waiting.append(following)
    return False


def _steps(one: str, other: str, i: int, j: int) -> list[tuple[int, int]]:
    left = one[i] if i < len(one) else ""
    right = other[j] if j < len(other) else ""
    steps = []
    if left in _STARS and left:
        steps.append((i + 1, j))
        if right and right not in _STARS and right not in _BARRED[left]:
            steps.append((i, j + 1))
    if right in _STARS and right:
        steps.append((i, j + 1))
        if left and left not in _STARS and left not in _BARRED[right]:
            steps.append((i + 1, j))
    plain = left and right and left not in _STARS and right not in _STARS
    if plain and (left == right or ONE in (left, right)):
        steps.append((i + 1, j + 1))
    return steps
