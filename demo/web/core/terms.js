// Terms of art, each explained where it stands: pointed at, focused or tapped. `term` in dom.js makes one, and
// demo/tabs/theme.py one in the texts of Gradio's components.
import { make } from "./dom.js";

/** What each term means, for somebody who has never trained a network. @type {Record<string, string>} */
export const TERMS = {
  gan: "Generative adversarial network: a generator learns to make pictures that a discriminator cannot tell from " +
    "real ones.",
  generator: "G: the network that turns random numbers into a picture.",
  discriminator: "D: the network that says for each picture how real it looks. The generator learns from it, and " +
    "it is not needed afterwards.",
  latent: "z: the random numbers that a picture is made from. Near ones make similar pictures.",
  seed: "A number that stands for one z. The same seed gives the same picture in the same model.",
  truncation: "How far z may be from the average. Towards 0 all pictures become the average one; beyond 1 they " +
    "become more varied, and odd ones more frequent.",
  direction: "A way through the numbers of z. The slider goes along it, from − to +.",
  unsupervised: "Nobody said what the pictures show. SeFa reads the directions from the first layer's weights, PCA " +
    "from many samples. So they have no names: look at their small pictures.",
  sefa: "SeFa: the directions that change the output of the generator's first layer most, computed from its weights " +
    "(Shen & Zhou 2021).",
  pca: "Principal component analysis: the directions in which many samples differ most inside the network " +
    "(GANSpace, Härkönen et al. 2020).",
  interpolation: "Going from one z to another in small steps, and drawing a picture at each.",
  inversion: "The search for the z whose picture is nearest to a given one.",
  fakes: "Pictures that the generator made. Each place shows the same z all the time, so you see it learn.",
  losses: "What each network makes smaller as it learns. They need not fall: the two work against each other.",
  d_output: "How real D takes real pictures and fakes to be, from 0 to 1. At 0.5 it is guessing.",
  distance: "How far fakes are from real pictures as a whole, lower is better. Real pictures have a distance to each " +
    "other as well: the floor.",
  r1: "R1: a penalty on how steeply D's output changes at real pictures. It keeps training stable (Mescheder et al. " +
    "2018).",
  ema: "EMA, exponential moving average: the generator that is shown is the mean of its recent weights, which is " +
    "steadier than the newest ones.",
  batch_norm: "Batch normalisation: features are shifted and scaled by the statistics of the pictures in the batch.",
  spectral_norm: "Spectral normalisation: each weight matrix of D is divided by its largest singular value, so D " +
    "cannot change abruptly (Miyato et al. 2018).",
  collapse: "Mode collapse: the generator makes only a few kinds of pictures, whatever z is.",
  overfitting: "D learns the training pictures by heart, and says nothing useful of new ones.",
};

const EDGE = 12, GAP = 6; // CSS pixels: from the window's edges, from the term

/** Explain terms from now on. @param {HTMLElement} page */
export function explainTerms(page) {
  // What assistive technology reads of a term in focus.
  const texts = Object.entries(TERMS).map(([key, words]) => make("p", { id: `gs-term-${key}` }, words));
  const bubble = make("div.gs-bubble", { hidden: true, "aria-hidden": "true" });
  page.append(make("div", { hidden: true }, ...texts), make("div.gs", bubble));
  /** @type {HTMLElement | null} */
  let shown = null;

  const termOf = (
    target,
  ) => /** @type {HTMLElement | null} */ (target instanceof Element ? target.closest(".gs-term") : null);

  function show(/** @type {HTMLElement | null} */ term) {
    if (term && !TERMS[term.dataset.term]) return;
    shown = term;
    bubble.hidden = !term;
    if (!term) return;
    bubble.textContent = TERMS[term.dataset.term];
    place();
  }

  function place() {
    if (!shown) return;
    const at = shown.getBoundingClientRect(), { offsetWidth: width, offsetHeight: height } = bubble;
    const below = at.bottom + GAP, above = at.top - GAP - height;
    const left = Math.max(EDGE, Math.min(at.left, document.documentElement.clientWidth - EDGE - width));
    bubble.style.left = `${left}px`;
    bubble.style.top = `${below + height > window.innerHeight - EDGE && above > EDGE ? above : below}px`;
  }

  page.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch" || bubble.contains(/** @type {Node} */ (target))) return;
    const term = termOf(target);
    if (term) show(term);
    else if (shown && shown !== document.activeElement) show(null);
  });
  page.addEventListener("focusin", ({ target }) => show(termOf(target)));
  page.addEventListener("focusout", ({ target }) => termOf(target) === shown && show(null));
  // A tap does not focus a button everywhere.
  page.addEventListener("click", ({ target }) => termOf(target)?.focus());
  document.addEventListener("keydown", ({ key }) => key === "Escape" && show(null));
  for (const event of ["scroll", "resize"]) addEventListener(event, place, { passive: true, capture: true });
}
