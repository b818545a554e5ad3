// Answers that arrive late and out of order: which of them are shown.

/** Tells current work from what a newer turn has overtaken: begin() begins a turn, and gives a function that says
 * whether it is still the newest. Ask it after each `await`, before anything is shown. */
export function turns() {
  let newest = 0;
  return function begin() {
    const mine = ++newest;
    return () => mine === newest;
  };
}

/** At most `maxInFlight` requests are under way, answers overtaken by a newer one are dropped, and the last request is
 * always sent, unless cancelled by forget().
 * @template Request, Answer @param {(request: Request) => Promise<Answer>} work
 * @param {(answer: Answer, request: Request) => void} show
 * @param {(error: Error) => void} fail called for the newest request only @param {number} [maxInFlight] */
export function latestRequest(work, show, fail, maxInFlight = 3) {
  let newest = 0, shown = 0, inFlight = 0, waiting = null;

  async function send(request, number) {
    inFlight++;
    try {
      const answer = await work(request);
      if (number > shown) {
        shown = number;
        show(answer, request);
      }
    } catch (error) {
      if (number === newest) fail(error);
    }
    inFlight--;
    if (waiting) {
      const next = waiting;
      waiting = null;
      send(...next);
    }
  }

  /** @param {Request} values */
  function request(values) {
    const number = ++newest;
    if (inFlight < maxInFlight) send(values, number);
    else waiting = [values, number];
  }
  // The result is known otherwise: ignore answers to all earlier requests.
  request.forget = () => {
    shown = ++newest;
    waiting = null;
  };
  return request;
}

/** Shows whatever comes nearest to a goal. Answers come late and out of order: what is farther away than the picture on
 * screen, or belongs to an older turn, is passed over. A draft is half a place farther away than the picture itself.
 * @template Picture @param {(picture: Picture) => void} show */
export function stage(show) {
  let turn = { key: null, number: 0, goal: 0 }, shown = { turn, place: NaN, draft: false };
  const distance = (place, draft, goal) => Math.abs(place - goal) + (draft ? 0.5 : 0);
  return {
    // A new key begins a new turn: places of different turns are not comparable.
    aim(key, goal) {
      if (key !== turn.key) turn = { key, number: turn.number + 1, goal };
      turn.goal = goal;
      return turn;
    },
    // Whether a picture would be shown, if it were offered.
    wants(from, place, draft = false) {
      if (from !== shown.turn) return from.number > shown.turn.number;
      return distance(place, draft, from.goal) < distance(shown.place, shown.draft, from.goal);
    },
    offer(picture, from, place, draft = false) {
      if (!this.wants(from, place, draft)) return false;
      shown = { turn: from, place, draft };
      show(picture);
      return true;
    },
    turn: () => turn,
    exact: () => shown.turn === turn && shown.place === turn.goal && !shown.draft,
  };
}
