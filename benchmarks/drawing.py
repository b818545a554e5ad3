"""Milliseconds of one picture of each shipped generator, as the page draws it.

    python -m benchmarks.drawing    # some seconds, on an idle machine

One thread, without the way to the browser: alone, in batches of eight and, where they are smaller, as drafts; medians
of ROUNDS rounds, in which the models take turns.
"""

import statistics
import time

from gan.latent.vectors import seed_latents
from gan.models.registry import shipped
from gan.models.render import DRAFT, ReproducibleRenderer
from gan.models.storage import load_generator

ROUNDS, WARM_UP = 40, 5
COUNTS = (1, 8)


def main() -> None:
    generators = {name: load_generator(name) for name in shipped()}
    cases = {
        (name, draft, count): (
            ReproducibleRenderer(generator, draft),
            seed_latents(range(count), generator.z_dim),
        )
        for name, generator in generators.items()
        for draft in (False, True)
        if not draft or generator.size > DRAFT
        for count in COUNTS
    }
    took: dict[tuple, list[float]] = {case: [] for case in cases}
    for turn in range(WARM_UP + ROUNDS):
        for case, (renderer, z) in cases.items():
            started = time.perf_counter()
            renderer(z)
            if turn >= WARM_UP:
                took[case].append(1000 * (time.perf_counter() - started) / len(z))
    print("| model | alone | in eights |")
    print("|---|---|---|")
    for name, draft in dict.fromkeys(case[:2] for case in cases):
        alone, eights = (statistics.median(took[name, draft, count]) for count in COUNTS)
        print(f"| {name}{', draft' if draft else ''} | {alone:.1f} | {eights:.1f} |")


if __name__ == "__main__":
    main()
