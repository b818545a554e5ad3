"""What answers of routes hold."""

import numpy as np


def refused(response) -> str:
    """The sentence of a request that was refused."""
    assert response.status_code == 400, response.text
    sentence = response.json()["error"]
    assert sentence and "\n" not in sentence and "Traceback" not in sentence
    return sentence


def pixels(response) -> np.ndarray:
    """The raw pixels of a picture or more."""
    assert response.status_code == 200, response.text
    shape = [int(n) for n in response.headers["x-shape"].split(",")]
    return np.frombuffer(response.content, np.uint8).reshape(shape)
