"""The browser's secret token, by which it owns its runs after a reload (demo/backend/owners.py)."""

import gradio as gr

# Made once by the browser, in its own storage; where there is none, the session owns as long as it lasts.
# Not crypto.randomUUID, which a page on plain HTTP, as in a classroom's network, has not.
TOKEN = """() => {
  try {
    const key = "ganscope-browser", known = localStorage.getItem(key);
    if (/^[0-9a-f]{32}$/.test(known || "")) return [known];
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const made = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    localStorage.setItem(key, made);
    return [made];
  } catch {
    return [""];
  }
}"""


def shown() -> dict:
    """The input of an event on a page's load, and the script that fills it with the token."""
    return {"inputs": gr.Textbox(visible=False), "js": TOKEN}
