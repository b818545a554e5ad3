"""Quality and speed of training on points: modes, distances, steps per second, frames per second.

    python -m benchmarks.points quality ring --seconds 30 --seeds 0-19
    python -m benchmarks.points quality grid --seconds 90 --seeds 0-19
    python -m benchmarks.points clouds --steps 5000 --seeds 0-4
    python -m benchmarks.points speed
    python -m benchmarks.points page        # while `python app.py` serves on http://127.0.0.1:7860

`quality`: `--method` (quick) from each seed for so many seconds of CPU time on one core, two runs at
once. Of 2,500 and of 50,000 fakes of the averaged G: modes with a fake within 3 σ, the share of fakes
within 3 σ (real points: 98.9 %), reverse KL over modes, and the smallest and largest σ within a mode
divided by that of the data.

`clouds`: Jensen-Shannon divergence (nats, 40×40 cells) of 10,000 fakes after so many steps, with that of
10,000 real points as a reference.

`speed`: steps per second of the step with manual gradients, of the autograd step, and of a bare PyTorch
loop with two separate passes of D, in turn.

`page`: Chromium runs the default for ten seconds: steps per second, and how often the canvas was redrawn.
"""

import argparse
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import torch
import torch.nn.functional as F

from gan.data.point_clouds import CLOUDS, count_modes, draw_points
from gan.latent.seeds import parse_seeds
from gan.metrics.points import PointJudge
from gan.models.build import build_networks
from gan.settings.config import TrainConfig
from gan.training.dataset import load_data
from gan.training.point_trainer import trainer_for
from gan.training.resolve import resolve
from gan.training.trainer import Trainer

COUNTS = (2_500, 50_000)
CPU = torch.device("cpu")


def make_trainer(data: str, method: str, seed: int, kind=trainer_for, **settings) -> Trainer:
    config = resolve(TrainConfig(data, method, seed=seed, **settings))
    return kind(config, load_data(config).pixels, CPU)


@torch.no_grad()
def sample(trainer: Trainer, count: int):
    """Samples of the averaged G, from the same Gaussian noise for every run."""
    z = torch.randn((count, trainer.config.z_dim), generator=torch.Generator().manual_seed(0))
    return trainer.g_ema(z).numpy()


def measure_quality(data: str, method: str, seconds: float, seed: int) -> dict:
    torch.set_num_threads(1)
    trainer = make_trainer(data, method, seed, seconds=seconds)
    started = time.process_time()
    while (spent := time.process_time() - started) < seconds:
        trainer.step(spent / seconds)
    row = {"seed": seed, "steps": trainer.steps}
    for count in COUNTS:
        modes = count_modes(sample(trainer, count), CLOUDS[data])
        row[count] = modes
    return row


def report_quality(options) -> None:
    work = partial(measure_quality, options.data, options.method, options.seconds)
    goals = GOALS[options.data]
    print("| seed | steps |", " | ".join(f"modes, quality, KL, σ ratios of {n:,}" for n in COUNTS), "|")
    print("|---|---|" + "---|" * len(COUNTS))
    rows = []
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        for row in pool.map(work, parse_seeds(options.seeds)):
            rows.append(row)
            cells = [format_cell(row[count]) for count in COUNTS]
            print(f"| {row['seed']} | {row['steps']:,} |", " | ".join(cells), "|", flush=True)
    for count in COUNTS:
        measured = [row[count] for row in rows]
        met = {
            "all modes": sum(modes.covered == len(modes.shares) for modes in measured),
            f"quality ≥ {goals['quality']:.0%}": sum(m.quality >= goals["quality"] for m in measured),
            f"KL ≤ {goals['kl']}": sum(modes.reverse_kl <= goals["kl"] for modes in measured),
            "σ ratios 0.7 to 1.3": sum(
                all(0.7 <= s <= 1.3 for s in modes.spread) for modes in measured
            ),
        }
        summary = ", ".join(f"{name}: {number}" for name, number in met.items())
        middle = statistics.median(modes.quality for modes in measured)
        print(f"\nOf {len(measured)} seeds, {count:,} fakes: {summary}. Median quality {middle:.1%}.")
    real = [
        count_modes(draw_points(options.data, COUNTS[0], s), CLOUDS[options.data]) for s in range(1, 21)
    ]
    print(f"Real points: quality {statistics.median(m.quality for m in real):.1%}, "
          f"KL {statistics.median(m.reverse_kl for m in real):.4f}.")  # fmt: skip


GOALS = {"ring": {"quality": 0.96, "kl": 0.02}, "grid": {"quality": 0.94, "kl": 0.04}}


def format_cell(modes) -> str:
    spread = f"{min(modes.spread):.2f}-{max(modes.spread):.2f}"
    return f"{modes.covered}, {modes.quality:.1%}, {modes.reverse_kl:.4f}, {spread}"


def measure_divergence(steps: int, method: str, data: str, seed: int) -> tuple[float, float]:
    """Train for `steps`: (Jensen-Shannon divergence, seconds)."""
    torch.set_num_threads(1)
    trainer = make_trainer(data, method, seed, steps=steps)
    started = time.perf_counter()
    for step in range(steps):
        trainer.step(step / steps)
    took = time.perf_counter() - started
    return PointJudge(data, None)(sample(trainer, 10_000)).js, took


def report_clouds(options) -> None:
    seeds = parse_seeds(options.seeds)
    jobs = [(data, seed) for data in CLOUDS for seed in seeds]
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        rows = list(
            pool.map(
                partial(measure_divergence, options.steps, options.method), *zip(*jobs, strict=True)
            )
        )
    print(f"| cloud | JS after {options.steps:,} steps: each seed | median | real points | seconds |")
    print("|---|---|---|---|---|")
    for data in CLOUDS:
        of_cloud = [row for row, job in zip(rows, jobs, strict=True) if job[0] == data]
        each = [js for js, _ in of_cloud]
        floor = PointJudge(data, None).floor.js
        seconds = statistics.median(took for _, took in of_cloud)
        shown = ", ".join(f"{js:.3f}" for js in each)
        print(f"| {data} | {shown} | {statistics.median(each):.3f} | {floor:.3f} | {seconds:.1f} |")


class TutorialLoop:
    """The step of a typical tutorial: separate passes of D, autograd, Adam."""

    def __init__(self, config, pixels, device):
        self.config, self.pixels = config, pixels
        self.g, self.d = build_networks(config)
        betas = (0.5, 0.999)
        self.g_optim = torch.optim.Adam(self.g.parameters(), lr=config.g_lr, betas=betas)
        self.d_optim = torch.optim.Adam(self.d.parameters(), lr=config.d_lr, betas=betas)

    def step(self, progress: float) -> None:
        batch = self.config.batch
        real = self.pixels[torch.randint(len(self.pixels), (batch,))]
        fake = self.g(torch.randn(batch, self.config.z_dim))
        d_loss = F.softplus(-self.d(real)).mean() + F.softplus(self.d(fake.detach())).mean()
        self.d_optim.zero_grad()
        d_loss.backward()
        self.d_optim.step()
        g_loss = F.softplus(-self.d(fake)).mean()
        self.g_optim.zero_grad()
        g_loss.backward()
        self.g_optim.step()


def report_speed(options) -> None:
    torch.set_num_threads(1)
    kinds = {"manual gradients": trainer_for, "autograd": Trainer, "bare loop": TutorialLoop}
    for method in (options.method, "nonsaturating"):
        trainers = {
            name: make_trainer("ring", method, 0, kind, steps=5000) for name, kind in kinds.items()
        }
        rates = {name: [] for name in trainers}
        for _ in range(options.rounds):
            for name, trainer in trainers.items():
                started = time.perf_counter()
                for _ in range(200):
                    trainer.step(0.1)
                rates[name].append(200 / (time.perf_counter() - started))
        config = trainers["autograd"].config
        shape = f"width {config.width}, batch {config.batch}"
        summary = ", ".join(f"{name} {statistics.median(each):.0f}" for name, each in rates.items())
        print(f"{method} ({shape}), steps/s on one thread: {summary}")


def report_page(options) -> None:
    import shutil

    from helpers.serving import FLAGS
    from playwright.sync_api import sync_playwright

    # Counts different steps only: the text under the canvas is set at each redraw.
    count = """() => {
        window.drawn = 0;
        const facts = document.querySelector(".gs-stage-facts");
        const step = () => facts.textContent.split(" · ")[0];
        let last = step();
        new MutationObserver(() => {
            if (step() === last) return;
            window.drawn += 1;
            last = step();
        }).observe(facts, { childList: true, characterData: true, subtree: true });
    }"""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(options.url)
        page.get_by_role("tab", name="Points").click()
        status = page.locator(".gs-points .gs-status")
        # A longer plan than the rounds need, so that the session does not end.
        page.get_by_label("Plan: Steps in all").select_option("50000")
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_timeout(3000)
        page.evaluate(count)
        for _ in range(options.rounds):
            first, drawn, started = step_of(status), page.evaluate("window.drawn"), time.perf_counter()
            page.wait_for_timeout(10_000)
            took = time.perf_counter() - started
            steps, frames = step_of(status) - first, page.evaluate("window.drawn") - drawn
            print(f"{steps / took:.0f} steps/s while the page drew {frames / took:.1f} frames/s")
        browser.close()


def step_of(status) -> int:
    return int("".join(letter for letter in status.inner_text() if letter.isdigit()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    for name, run in COMMANDS.items():
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        command.add_argument("--method", default="quick")
        command.add_argument("--jobs", type=int, default=2, help="runs at once, each on one core")
        command.add_argument("--rounds", type=int, default=3)
        command.add_argument("--seeds", default="0-19" if name == "quality" else "0-4")
        if name == "quality":
            command.add_argument("data", choices=list(GOALS))
            command.add_argument("--seconds", type=float, default=30)
        command.add_argument("--steps", type=int, default=5000)
        command.add_argument("--url", default="http://127.0.0.1:7860")
    options = parser.parse_args()
    options.run(options)


COMMANDS = {
    "quality": report_quality,
    "clouds": report_clouds,
    "speed": report_speed,
    "page": report_page,
}

if __name__ == "__main__":
    main()
