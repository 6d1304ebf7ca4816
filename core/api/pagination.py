"""What the vendors' ways of paging have in common: reading whole numbers from a query."""

from core.api.errors import Invalid


def whole_number(
    text: str | None, *, name: str, default: int, low: int | None = None, high: int | None = None, clamp: bool = False
) -> int:
    """The query parameter `name` as an int.

    Missing or empty: `default`. Outside low..high: clamped if `clamp`, else Invalid; no whole number: Invalid.
    """
    if text is None or text.strip() == "":
        return default
    try:
        value = int(text) if len(text) < 20 else None
    except ValueError:
        value = None
    if value is None:
        raise Invalid(f"The {name} parameter must be a whole number.", field=name)
    if clamp:
        value = value if low is None else max(value, low)
        return value if high is None else min(value, high)
    if (low is not None and value < low) or (high is not None and value > high):
        raise Invalid(f"The {name} parameter must be between {low} and {high}.", field=name)
    return value
