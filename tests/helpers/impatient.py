"""The process of a game, but one that is forgotten within a second."""

from demo.workers import points


def main(pipe) -> None:
    points.IDLE_SECONDS = 0.5
    points.main(pipe)
