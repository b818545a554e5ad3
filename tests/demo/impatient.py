"""The process of a game, but one that is forgotten within a second."""

from demo import playground


def main(pipe) -> None:
    playground.PATIENCE_SECONDS = 0.5
    playground.main(pipe)
