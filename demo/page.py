"""The page: header, tabs and the events between them; `launch` serves it."""

import os

import gradio as gr

from demo.api import models
from demo.backend.addresses import TEACHER, fields_of
from demo.backend.services import Services, make_services
from demo.backend.shutdown import wait_for_signal
from demo.backend.work.rpc import RpcClient
from demo.routes import login, web_files
from demo.routes.all import all_middleware, all_routes
from demo.tabs import breed, compare, explore, fallback, find, inside, learn, points, report, walk
from demo.tabs.handlers import QUIET
from demo.tabs.page_blocks import EXCEPTION_HANDLERS, PageBlocks
from demo.tabs.theme import styles, theme, view
from demo.tabs.train import form

PORT = 7860
MAX_SESSIONS = 200  # visits whose state is kept
# The training process starts so much later, so that the first page has all cores.
FIRST_LOOK_SECONDS = 2.0


def build(services: Services) -> gr.Blocks:
    """Build the page: all tabs and endpoints, on one set of services."""
    options = {"title": "GANscope", "analytics_enabled": False, "delete_cache": (600, 600)}
    with PageBlocks(services.readers, services.spend, **options) as page:
        view("header", "core/page.js#mountHeader")
        view("lesson-bar", "learn/lesson_bar.js")
        view("class", "class/class.js")
        view("welcome", "learn/welcome.js")
        tab_switch = view("tab-switch", "core/page.js#mountTabs", event="go")
        page_token = view("page-token", "core/page.js#mountToken")
        with gr.Tabs() as tabs:
            with gr.Tab("Explore", id="explore", elem_id="tab-explore"):
                menu, *fallback_columns = explore.build(services)
            with gr.Tab("Walk", id="walk", elem_id="tab-walk"):
                fallback_columns.append(walk.build(services))
            with gr.Tab("Breed", id="breed", elem_id="tab-breed"):
                fallback_columns.append(breed.build(services))
            with gr.Tab("Inside", id="inside", elem_id="tab-inside"):
                fallback_columns.append(inside.build(services))
            with gr.Tab("Find", id="find", elem_id="tab-find"):
                fallback_columns.append(find.build(services))
            with gr.Tab("Train", id="train", elem_id="tab-train"):
                fallback_column, ready = form.build(services, page)
                fallback_columns.append(fallback_column)
            with gr.Tab("Compare", id="compare", elem_id="tab-compare"):
                fallback_columns.append(compare.build(services, page, ready))
            with gr.Tab("Report", id="report", elem_id="tab-report"):
                fallback_columns.append(report.build(services))
            with gr.Tab("Points", id="points", elem_id="tab-points"):
                fallback_columns.append(points.build())
            with gr.Tab("Learn", id="learn", elem_id="tab-learn"):
                fallback_columns.append(learn.build())
        models.build(services)
        fallback.reveal(page, fallback_columns)

        def go(event: gr.EventData):
            return gr.update(selected=event.tab)

        # A tab sends something to another (demo/web/core/page.js).
        tab_switch.go(go, None, tabs, queue=False, **QUIET)

        def give_token(request: gr.Request):
            return services.uploads.issue_token(request.session_hash)

        # The token for uploads, which are removed with the page (demo/backend/visitors/uploads.py).
        page.load(give_token, None, page_token, queue=False, **QUIET)

        def follow_link(request: gr.Request):
            name = fields_of(request.query_params).get("model")
            try:
                services.generators.open(name)
            except ValueError:
                # The view of Explore reads the link too, and shows the error.
                return gr.skip()
            return name

        page.load(follow_link, None, menu, **QUIET)
    return page


def launch(renderer: RpcClient | None = None, open_class: bool = False, **options) -> None:
    """Build and serve the page until the process is told to end; `options` go to Gradio's launch.

    `renderer` is the client of the rendering process, if that has been started already. With `open_class` a class is
    open from the start; the teacher's link is printed in any case.
    """
    services, page = make_services(renderer), None
    try:
        page = serve(services, **options)
        if open_class:
            print(f"Class: students join with the code {services.classroom.open().code}.")
        print(f"Teacher: {page.local_url}?{TEACHER}={services.classroom.key}", flush=True)
        wait_for_signal()
    finally:
        # First the runs, which Gradio's queue may be waiting for, and the uploads; then Gradio.
        services.close()
        if page:
            page.close(verbose=False)


def serve(services: Services, **options) -> gr.Blocks:
    """Build the page on these services and serve it from a thread; `options` go to Gradio's launch."""
    if options.get("mcp_server") and login.accounts():
        raise SystemExit(login.NO_TOOLS)
    page = build(services)
    page.queue(max_size=256)
    settings = {
        "server_port": int(os.environ.get("GRADIO_SERVER_PORT", PORT)),
        "theme": theme(),
        "css": styles(),
        "head": web_files.head(),
        "app_kwargs": {
            "routes": all_routes(services),
            "middleware": all_middleware(services),
            "exception_handlers": EXCEPTION_HANDLERS,
        },
        "ssr_mode": False,
        "run_history": False,
        "show_error": False,
        "max_file_size": "20mb",
        # Gradio keeps about 1 MB for each visit; its default is 10,000 of them.
        "state_session_capacity": MAX_SESSIONS,
        "footer_links": ["api"],
        "auth": login.accounts(),
        # Gradio's check that the page answers gives a busy machine three seconds, and ends the program after them.
        "_frontend": False,
    }
    page.launch(**{**settings, **options, "prevent_thread_lock": True})
    # Else the end would wait for every stream that is open.
    page.server.config.timeout_graceful_shutdown = 1
    services.runs.warm(FIRST_LOOK_SECONDS)
    return page
