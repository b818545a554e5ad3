"""No route that changes something, ours or Gradio's, takes a request that a page of another site has a browser send.

Any page may show ours in a frame all the same, as Spaces do: what is sent from there is the page's own.
"""

import httpx
import pytest
from helpers.serving import free_port
from helpers.waiting import PATIENCE

from demo import page
from demo.backend.services import make_services
from demo.routes.guards import FOREIGN, SAFE_METHODS
from demo.routes.http import PREFIX

# What browsers say of such a request: over https and to localhost, and over plain http elsewhere.
OTHERS = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:1"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},  # of a frame in a sandbox
)
# What forms send without asking the server first, and what scripts do.
KINDS = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/json",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """(address, routes that change something as (verb, path)) of the whole page."""
    services, port = make_services(folder=tmp_path_factory.mktemp("runs")), free_port()
    blocks = page.serve(services, server_port=port, quiet=True, auth=[("class", "word")])
    try:
        yield f"http://127.0.0.1:{port}", sorted(changing(blocks.app.routes))
    finally:
        services.close()
        blocks.close(verbose=False)


def changing(routes, above="") -> set[tuple[str, str]]:
    found = set()
    for route in routes:
        path = above + getattr(route, "path", "")
        for verb in (getattr(route, "methods", None) or set()) - set(SAFE_METHODS):
            found.add((verb, path))
        router = getattr(
            route, "original_router", None
        )  # FastAPI's wrapper of a router that was included
        inner = router.routes if router else getattr(route, "routes", None)
        found |= changing(inner or (), path + (route.include_context.prefix if router else ""))
    return found


def test_requests_of_other_sites_are_refused_by_every_route_that_changes_something(served):
    address, routes = served
    paths = {path for _, path in routes}
    # The walk has found all: Gradio's events, uploads and login, and ours.
    assert {
        "/gradio_api/queue/join",
        "/gradio_api/upload",
        "/gradio_api/call/{api_name}",
        "/login",
    } <= paths
    assert {PREFIX + "/own/{id}", PREFIX + "/push", PREFIX + "/class/open"} <= paths
    with httpx.Client(base_url=address, timeout=PATIENCE) as client:
        for verb, path in routes:
            for headers in OTHERS:
                for kind in KINDS:
                    said = {**headers, "Content-Type": kind}
                    answer = client.request(verb, path, content=b"{}", headers=said)
                    assert answer.status_code == 403, (verb, path, headers, kind, answer.text)
                    assert answer.json() == {"error": FOREIGN}


def test_those_of_the_page_itself_and_of_programs_are_not(served):
    address, routes = served
    own = ({}, {"Sec-Fetch-Site": "same-origin", "Origin": address}, {"Origin": address})
    with httpx.Client(base_url=address, timeout=PATIENCE) as client:
        for verb, path in routes:
            for headers in own:
                assert FOREIGN not in client.request(verb, path, content=b"{}", headers=headers).text
        form = {"username": "class", "password": "word"}
        assert client.post("/login", data=form, headers=OTHERS[0]).status_code == 403
        assert client.post("/login", data=form, headers=own[1]).status_code == 200


def test_no_answer_forbids_that_the_page_is_shown_in_a_frame_as_on_spaces(served):
    address, _ = served
    forbidding = (
        *("x-frame-options", "content-security-policy", "cross-origin-opener-policy"),
        *("cross-origin-embedder-policy", "cross-origin-resource-policy", "permissions-policy"),
    )
    framed = {
        "Sec-Fetch-Dest": "iframe",
        "Sec-Fetch-Site": "cross-site",
        "Referer": "https://huggingface.co/",
    }
    with httpx.Client(base_url=address, timeout=PATIENCE) as client:
        client.post("/login", data={"username": "class", "password": "word"})
        for path in ("/", "/config", "/theme.css", f"{PREFIX}/model?name=digits", f"{PREFIX}/nothing"):
            answer = client.get(path, headers=framed)
            assert answer.status_code == (404 if path.endswith("nothing") else 200)
            assert not [name for name in forbidding if name in answer.headers], path
            # What they must have in a frame too.
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"
