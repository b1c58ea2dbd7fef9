"""The lieux of an answer in order, each composed when it is first asked for: an SMS says one of the ten it keeps."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Self, overload

from knowledge.demande import LieuPropose


class Liste(Sequence[LieuPropose]):
    """A list of `LieuPropose`; `ids` are known without any of them."""

    def __init__(self, ids: Iterable[str], compose: Callable[[int], LieuPropose]) -> None:
        """`compose` gives the lieu at a place."""
        self.ids = tuple(ids)
        self._compose = cache(compose)

    @classmethod
    def of(cls, lieux: Iterable[LieuPropose] = ()) -> Self:
        """Return a list of lieux that are there already."""
        ready = tuple(lieux)
        return cls((one.lieu.id for one in ready), ready.__getitem__)

    def __len__(self) -> int:
        return len(self.ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Liste) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self.ids)

    @overload
    def __getitem__(self, place: int) -> LieuPropose: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[LieuPropose]: ...
    def __getitem__(self, place: int | slice) -> LieuPropose | Sequence[LieuPropose]:
        if isinstance(place, slice):
            return tuple(map(self._compose, range(len(self))[place]))
        return self._compose(range(len(self))[place])
