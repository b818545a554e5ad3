// Requests of which only the newest counts, as those of a slider that is being dragged.

/**
 * At most `flights` requests are under way, an answer that a newer one has overtaken is dropped, and the last
 * request is always sent, unless it is forgotten.
 * @template Request, Answer
 * @param {(request: Request) => Promise<Answer>} work
 * @param {(answer: Answer, request: Request) => void} show
 * @param {(error: Error) => void} fail called for the newest request only
 * @param {number} [flights]
 */
export function latestRequest(work, show, fail, flights = 3) {
  let asked = 0, shown = 0, flying = 0, waiting = null;

  async function send(request, number) {
    flying++;
    try {
      const answer = await work(request);
      if (number > shown) {
        shown = number;
        show(answer, request);
      }
    } catch (error) {
      if (number === asked) fail(error);
    }
    flying--;
    if (waiting) {
      const next = waiting;
      waiting = null;
      send(...next);
    }
  }

  /** @param {Request} request */
  function ask(request) {
    const number = ++asked;
    if (flying < flights) send(request, number);
    else waiting = [request, number];
  }
  // The result came by another way: answers to earlier requests no longer count.
  ask.forget = () => {
    shown = ++asked;
    waiting = null;
  };
  return ask;
}
