"""Ids sort by birth and carry RFC 9562's marks."""

import time
from concurrent.futures import ThreadPoolExecutor

from linli.kernel import ids


def test_ids_are_uuid_version_7_of_this_moment():
    before = time.time_ns() // 1_000_000
    one = ids.new()
    assert (one.version, one.variant) == (7, "specified in RFC 4122")
    assert 0 <= (one.int >> 80) - before < 2_000


def test_ids_ascend_even_within_one_millisecond():
    many = [ids.new() for _ in range(20_000)]
    assert many == sorted(many)


def test_ids_of_many_threads_differ():
    with ThreadPoolExecutor(8) as pool:
        many = [i for batch in pool.map(lambda _: [ids.new() for _ in range(2_000)], range(8)) for i in batch]
    assert len(set(many)) == 16_000
