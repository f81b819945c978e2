"""Making many records at once: nothing is collected meanwhile, and nothing is left uncollected."""

from __future__ import annotations

import gc
import weakref

from dagbook.bulk import in_bulk


class Ring:
    """Refers to itself, so that only the collector can take it away."""

    def __init__(self) -> None:
        self.itself = self


def test_what_was_made_in_bulk_is_not_gone_through_when_it_ends() -> None:
    """The youngest generation, which is collected next, holds none of it."""
    with in_bulk():
        made = [[number] for number in range(10_000)]
    young = {id(one) for one in gc.get_objects(generation=0)}
    assert gc.isenabled()
    assert not any(id(one) in young for one in made)


def test_rings_that_end_in_bulk_are_collected_later() -> None:
    """Nothing that is made there is out of the collector's reach for ever."""
    with in_bulk():
        rings = [Ring() for _ in range(5_000)]
        last = weakref.ref(rings[-1])
        del rings
    gc.collect()
    assert last() is None


def test_what_a_program_has_frozen_stays_so() -> None:
    """A program that froze its own objects, to fork say, finds them frozen afterwards."""
    gc.freeze()
    try:
        with in_bulk():
            made = [[number] for number in range(10_000)]
        assert gc.get_freeze_count() > 0
        assert made
    finally:
        gc.unfreeze()


def test_within_another_block_or_without_a_collector_all_stays_as_it_is() -> None:
    """Only the outermost block sets the collector to work again, and only if it was."""
    with in_bulk():
        with in_bulk():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
