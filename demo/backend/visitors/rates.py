"""How often visitors may ask for what is costly: what starts runs, jobs and sessions, takes uploads, or draws walks.

Each request costs a visitor one of `PER_MINUTE`, or a part of one; who has used them up gets them back one after
another (a token bucket, kept as the time when it is full again: "generic cell rate algorithm", ITU-T I.371).
A visitor is a browser, a program's session, or else an address. Anyone can make new browsers and sessions, so each
request counts for its network address as well, which may spend as much as `ADDRESS_TIMES` visitors: a class behind
one address does not meet that, a loop does. Single pictures, as sliders ask for, cost nothing.
"""

import ipaddress
import math
import threading
import time

PER_MINUTE = 60  # costly requests of a visitor: as many at once, or one a second for good
ADDRESS_TIMES = 10
WINDOW = 60.0  # seconds in which an empty bucket fills
MAX_KNOWN = 20_000
MAX_NAME = 100  # letters: callers choose the names of their sessions
TOO_OFTEN = "Too much was asked for in a short time: try again in {} s."


class TooOftenError(ValueError):
    """Somebody has asked too often; `seconds` until he may ask again, whole."""

    status = 429

    def __init__(self, seconds: int):
        super().__init__(TOO_OFTEN.format(seconds))
        self.seconds = seconds


class Rates:
    """What each visitor and each address has spent lately; `per_minute` 0: nothing is counted."""

    def __init__(self, per_minute: int = PER_MINUTE):
        self.per_minute = per_minute
        self.full_at: dict[str, float] = {}  # when a bucket is full again; those not named are full
        self.lock = threading.Lock()

    def spend(self, visitor: str, address: str, cost: float = 1.0) -> None:
        """Count a request of this cost, 0 to 1; TooOftenError, and nothing is counted, where too much was spent."""
        if not self.per_minute:
            return
        now, place = time.monotonic(), network_of(address)
        sizes = {
            f"visitor {visitor[:MAX_NAME] or place}": self.per_minute,
            f"address {place}": ADDRESS_TIMES * self.per_minute,
        }
        with self.lock:
            after = {
                name: max(self.full_at.get(name, now), now) + cost * WINDOW / size
                for name, size in sizes.items()
            }
            wait = max(after.values()) - now - WINDOW
            if wait > 1e-6:
                raise TooOftenError(math.ceil(wait))
            self.full_at |= after
            if len(self.full_at) > MAX_KNOWN:
                self.full_at = {name: at for name, at in self.full_at.items() if at > now}


def network_of(address: str) -> str:
    """The address, or of IPv6 the network of 64 bits, which one household or machine has for itself."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else address
