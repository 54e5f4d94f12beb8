"""How many decisions a second the pure function makes: python -m benchmarks.routing_pure

Prints figures of this machine and ratios between them; nothing is asserted.
"""

from dataclasses import replace
from time import perf_counter

from routing.codec import document, to_json
from routing.decision import decide, decide_all
from routing.effects import PreparedRules
from routing.geography import STATES
from routing.prepared import PreparedNetwork
from tests.routing import world

MAINLAND = [zip_code for zip_code, place in sorted(world.PLACES.items()) if place[0] in STATES]
AWAY = [zip_code for zip_code in sorted(world.PLACES) if zip_code not in MAINLAND]
SKUS = ["MUG", "THROW", "MUG", "TORCH", "THROW"]


def zip_of(number):
    """One order in ten goes to a territory or a military address."""
    return AWAY[number % len(AWAY)] if number % 10 == 0 else MAINLAND[number % len(MAINLAND)]


def lines_of(number):
    """One to three lines; one order in twenty is hazmat."""
    if number % 20 == 0:
        return [world.line("PERFUME", 1 + number % 3)]
    return [
        world.line(SKUS[(number + i) % 5], 1 + (number * 7 + i) % 9, position=i + 1)
        for i in range(1 + number % 3)
    ]


def orders(count):
    return [
        world.order(zip_of(number), *lines_of(number), number=str(number))
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
