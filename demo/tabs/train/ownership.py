"""The browser's secret token, which identifies the owner of runs across reloads (demo/backend/owners.py)."""

import gradio as gr

# Created once and kept in localStorage; without storage, the session is the owner.
# Not crypto.randomUUID, which needs HTTPS (or localhost).
TOKEN_SCRIPT = """() => {
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


def token_input() -> dict:
    """Arguments for a load event: an input, and the script that fills it with the token."""
    return {"inputs": gr.Textbox(visible=False), "js": TOKEN_SCRIPT}
