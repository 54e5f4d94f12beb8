"""How many decisions a second the pure function makes: python -m benchmarks.routing_pure

Prints figures of this machine and ratios between them; nothing is asserted.
"""

from dataclasses import replace
from time import perf_counter

from routing.codec import document, to_json

from routing.decision import decide, decide_all
from routing.effects import PreparedRules
from routing.prepared import PreparedNetwork
from tests.routing import world

ZIPS = sorted(world.PLACES)
SKUS = ["MUG", "THROW", "TORCH", "PERFUME"]


def orders(count):
    """Orders of one to three lines to all parts of the country, no two weights alike."""
    return [
        world.order(
            ZIPS[number % len(ZIPS)],
            *(
                world.line(SKUS[(number + i) % 4], 1 + (number * 7 + i) % 9, position=i + 1)
                for i in range(1 + number % 3)
            ),
            number=str(number),
        )
        for number in range(count)
    ]


def big_network():
    stock = {key: replace(row, on_hand=10**7) for key, row in world.full_shelves().items()}
    places = tuple(replace(place, daily_capacity=None) for place in world.WAREHOUSES)
    return world.network(stock, services=world.SERVICES, warehouses=places)


def seconds_an_order(count, repeats):
    """The best of some runs, each with a freshly prepared network and ruleset."""
    best, work = float("inf"), orders(count)
    for _ in range(repeats):
        start = perf_counter()
        places, rules = PreparedNetwork(big_network()), PreparedRules.of(world.rules())
        for _ in decide_all(work, places, rules, world.NOW):
            pass
        best = min(best, perf_counter() - start)
    return best / count


def main():
    small, large = seconds_an_order(100, 20), seconds_an_order(10_000, 2)
    print(f"4 warehouses x {len(world.SERVICES)} services")
    print(f"in batches of    100: {1 / small:8,.0f} decisions/s")
    print(f"in batches of 10,000: {1 / large:8,.0f} decisions/s")
    print(f"cost per order at 10,000 over that at 100: {large / small:.2f}")
    decision = decide(world.order("10001"), big_network(), world.rules(), world.NOW)
    print(f"a decision as JSON: {len(to_json(document(decision))):,} bytes")


if __name__ == "__main__":
    main()
