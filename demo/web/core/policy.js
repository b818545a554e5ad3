// Says why the page stays empty where a Content-Security-Policy forbids what Gradio needs: scripts within the page, and
// code made from text. The page's HTML runs this module (demo/routes/empty_page.py).
const REASON = "GANscope cannot start: the Content-Security-Policy of this address forbids scripts that it needs " +
  "('unsafe-inline' and 'unsafe-eval' in script-src). Whoever runs it finds more in docs/hosting.md, section 2.";

/** Whether code may be made from text. @param {typeof Function} make */
export function mayMakeCode(make = Function) {
  try {
    return new make("return true")();
  } catch {
    return false;
  }
}

/** What to say of a page with these settings of Gradio, which a script within the page sets; "" if all is well.
 * @param {any} settings @param {boolean} code whether code may be made from text */
export const problem = (settings, code) => settings && code ? "" : REASON;

const said = globalThis.document && problem(window.gradio_config, mayMakeCode());
if (said) {
  const element = document.createElement("p");
  element.setAttribute("role", "alert");
  element.textContent = said;
  document.body.prepend(element);
}
