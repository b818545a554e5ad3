"""What a page tells of its browser: a secret token, which identifies the owner of runs across reloads, and its
clock (demo/backend/visitors/owners.py)."""

import gradio as gr

# Created once and kept in localStorage; without storage, the session is the owner.
# Not crypto.randomUUID, which needs HTTPS (or localhost).
TOKEN_SCRIPT = """() => {
  const ahead = -new Date().getTimezoneOffset();
  try {
    const key = "ganscope-browser", known = localStorage.getItem(key);
    if (/^[0-9a-f]{32}$/.test(known || "")) return [known, ahead];
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const made = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    localStorage.setItem(key, made);
    return [made, ahead];
  } catch {
    return ["", ahead];
  }
}"""


def token_input() -> dict:
    """Arguments for a load event: two inputs, and the script that fills them with the token and the minutes that the
    browser's clock is ahead of UTC."""
    return {"inputs": [gr.Textbox(visible=False), gr.Number(visible=False)], "js": TOKEN_SCRIPT}
