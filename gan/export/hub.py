"""Upload of a generator to the Hugging Face Hub; the token is never stored. No PyTorch."""

import re
from collections.abc import Callable

from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError

from gan.common import checks

MESSAGE = "A generator from GANscope"
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
REASONS = {
    401: "the Hub does not know this token: make one that may write, at huggingface.co/settings/tokens",
    403: "this token may not write there: take one with the right to write, and a name of your own",
    404: "there is no such owner on the Hub, or this token may not see it",
    409: "there is something else of that name already",
    429: "too many requests: wait a minute",
}


def check_repo(name: object) -> str:
    """`name` as owner/model; ValueError for what the Hub would refuse."""
    name = checks.text("The name on the Hub", name, max_length=200)
    if not re.fullmatch(f"{_PART}/{_PART}", name) or "--" in name or ".." in name or len(name) > 96:
        raise ValueError(
            "The name on the Hub must look like owner/model: letters, digits, dots, dashes and "
            "underscores, at most 96 of them."
        )
    return name


def check_token(token: object) -> str:
    """`token` without surrounding spaces; the ValueError never contains it."""
    if not isinstance(token, str) or not re.fullmatch(r"[!-~]{8,400}", token.strip()):
        raise ValueError(
            "A token of the Hub is needed: make one that may write, at huggingface.co/settings/tokens."
        )
    return token.strip()


def push(
    files: dict[str, bytes],
    repo: str,
    token: str,
    private: bool = True,
    api: Callable[..., HfApi] = HfApi,
) -> str:
    """Upload files to the model repository `repo` in one commit, creating it if needed; returns its URL.

    The token is sent in the headers of these requests and nowhere else. ValueError if the Hub refuses,
    with a message that contains neither the token nor the Hub's response.
    """
    repo, token, private = check_repo(repo), check_token(token), checks.flag("private", private)
    operations = [CommitOperationAdd(name, content) for name, content in files.items()]
    try:
        hub = api(token=token)
        url = str(hub.create_repo(repo, private=private, exist_ok=True))
        hub.create_commit(repo, operations, commit_message=MESSAGE)
        return url
    except Exception as error:  # the client raises many types, its own and the network's
        reason = _reason(error)
    # Outside of the handler: the client's exception may hold headers and must not be chained.
    raise ValueError(f"{repo} could not be written: {reason}.")


def _reason(error: Exception) -> str:
    response = error.response if isinstance(error, HfHubHTTPError) else None
    if response is None:
        return "the Hub could not be reached"
    return REASONS.get(response.status_code, f"the Hub answered {response.status_code}")
