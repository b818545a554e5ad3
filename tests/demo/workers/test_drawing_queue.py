"""The order in which pictures are drawn: single ones first, large requests in between, none forgotten."""

import pytest
import torch

from demo.workers.drawing_queue import (
    OVERTAKES_PER_PICTURE,
    SINGLES_PER_LARGE,
    DrawingQueue,
    Request,
    batch_for,
)

ONE, OTHER = object(), object()  # in place of renderers


def request(number: int, count: int = 1, renderer: object = ONE, batch: int = 2) -> Request:
    return Request(number, renderer, torch.zeros(count, 4), batch)


def drawn(queue: DrawingQueue, times: int) -> list[list[int]]:
    """The numbers of the requests in each of the next batches, drawn as the process does."""
    batches = []
    for _ in range(times):
        batch = queue.next_batch()
        batches.append([each.number for each in batch])
        for each in batch:
            each.z = each.z[each.batch :]
            if len(each.z):
                queue.put_back(each)
    return batches


def test_singles_come_first_in_order_and_together_if_of_one_renderer():
    queue = DrawingQueue()
    queue.put(request(0, count=4))
    for number, renderer in enumerate([ONE, ONE, ONE, OTHER, ONE], start=1):
        queue.put(request(number, renderer=renderer))
    assert drawn(queue, 6) == [[1, 2], [3], [4], [5], [0], [0]]


def test_however_many_large_requests_wait_they_take_one_batch_in_so_many():
    queue = DrawingQueue()
    for number in range(100):
        queue.put(request(number, count=4))
    for number in range(100, 100 + 3 * SINGLES_PER_LARGE):
        queue.put(request(number, batch=1))
    batches = drawn(queue, 3 * (SINGLES_PER_LARGE + 1))
    large = [place for place, (number,) in enumerate(batches) if number < 100]
    assert large == [(k + 1) * (SINGLES_PER_LARGE + 1) - 1 for k in range(3)]


def test_a_large_request_is_overtaken_by_smaller_ones_but_not_forgotten():
    queue = DrawingQueue()
    queue.put(request(0, count=10))
    for number in range(1, 200):
        queue.put(request(number, count=2))
    order = [number for (number,) in drawn(queue, 204)]
    overtakes = 8 * OVERTAKES_PER_PICTURE
    # The later ones let as many overtake them as their own second picture is worth.
    assert order == [*range(1, overtakes), *[0] * 5, *range(overtakes, 200)]


@pytest.mark.parametrize(("side", "count"), [(32, 8), (64, 8), (128, 2), (256, 1)])
def test_batches_have_as_many_pixels_whatever_the_size(side, count):
    assert batch_for(side) == batch_for(side, 40_000_000) == count


@pytest.mark.parametrize(
    ("work", "count"), [(10_000_000, 8), (84_000_000, 4), (105_600_000, 3), (10**12, 1)]
)
def test_batches_take_as_long_whatever_the_model(work, count):
    assert batch_for(64, work) == count
