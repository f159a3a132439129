"""What a derived number rests on: entries by their version, and items of the terms or articles of law."""

from msgspec import Struct


class Reason(Struct, frozen=True):
    """One link in the chain behind a number.

    version: of the entry that it rests on, or None where it rests on the law alone.
    item: the item of the notice, or the article, that makes it follow.
    says: what follows, in words.
    """

    version: int | None
    item: str
    says: str

    def to_dict(self) -> dict[str, object]:
        """As the answers of the command line show it."""
        return {"version": self.version, "item": self.item, "says": self.says}


Reasons = tuple[Reason, ...]
