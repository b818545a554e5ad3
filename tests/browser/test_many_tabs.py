"""Many tabs of the page in one browser, which has six connections to a server for all of them."""


def test_many_tabs_of_one_browser_are_all_ready(open_page):
    tabs = [open_page("/?model=faces64") for _ in range(8)]
    assert all(tab.locator(".gs-neighbours").first.is_visible() for tab in tabs)


def test_an_idle_tab_keeps_no_connection(open_page):
    asked, ended = set(), set()
    tab = open_page()
    tab.on("request", lambda request: asked.add(request))
    tab.on("requestfinished", lambda request: ended.add(request))
    # Gradio's client closes a stream after its last message, now and then before the server does.
    tab.on("requestfailed", lambda request: ended.add(request))
    tab.reload()
    tab.wait_for_load_state("networkidle")
    # An event in Gradio's queue keeps a connection until it is answered, under load perhaps a while.
    for _ in range(300):
        if not asked - ended:
            break
        tab.wait_for_timeout(200)
    assert [request.url for request in asked - ended] == []
