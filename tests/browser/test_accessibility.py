"""axe-core finds nothing serious on any tab: names, contrast, roles, order of headings, targets."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import open_tab, resize

TABS = ("Explore", "Walk", "Breed", "Inside", "Find", "Train", "Compare", "Report", "Points", "Learn")
GRAVE = ("serious", "critical")
NAMES = ["button-name", "link-name", "label", "select-name", "role-img-alt", "svg-img-alt"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_on_any_tab(open_page, scheme):
    page, found = open_page(scheme=scheme), []
    for width in (1440, 390):
        resize(page, width, scheme)
        for tab in TABS:
            open_tab(page, tab)
            expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
            page.evaluate(
                "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
            )
            # Before anything has come from the server, all that can be pressed or seen has a name.
            early = grave_faults(page, NAMES) if width == 1440 else []
            found += [(tab, width, *each) for each in early]
            # What a tab shows first comes within a moment; a fault in it is a fault whenever it is seen.
            page.wait_for_timeout(1500)
            found += [(tab, width, *each) for each in grave_faults(page)]
    assert not found, "\n".join(map(str, found))


def grave_faults(page, rules=None):
    """(rule, element, what is wrong) of each serious or critical fault that axe-core finds, by some rules or by all."""
    # What is hidden takes most of axe-core's time.
    page.evaluate(
        "document.querySelectorAll('.tabitem').forEach((each) => { "
        "each.toggleAttribute('data-away', !each.checkVisibility()); })"
    )
    options = {"runOnly": rules} if rules else {}
    checked = Axe().run(page, context={"exclude": [["[data-away]"]]}, options=options)
    violations = checked.response["violations"]
    return [
        (each["id"], node["html"][:150], node["failureSummary"].splitlines()[1].strip())
        for each in violations
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]
