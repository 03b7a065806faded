"""Several ways to run the same step: which is the fastest here, and how fast products are."""

import math
import statistics

from protocol import clock


def rate(product):
    """Floating-point operations a second of a product of 1,024 x 1,024 matrices."""
    best = math.inf
    for _ in range(20):
        started = clock()
        product()
        best = min(best, clock() - started)
    return 2 * 1024**3 / best


def seconds_of(ways, calls):
    """Seconds a step of each way, run in turns; a way is a function that makes so many steps."""
    seconds = {way: [] for way in ways}
    for turn in range(7):
        for way, steps in ways.items():
            started = clock()
            steps(calls)
            # The first turn warms up.
            if turn > 0:
                seconds[way].append((clock() - started) / calls)
    return {way: statistics.median(all) for way, all in seconds.items()}
