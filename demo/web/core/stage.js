// Which of the pictures that arrive late and out of order may be shown.

/**
 * Shows whatever comes nearest to a goal. Answers come late and out of order: what is farther away than the
 * picture on screen, or belongs to an older turn, is passed over.
 * @template Picture
 * @param {(picture: Picture) => void} show
 */
export function stage(show) {
  let turn = { key: null, number: 0, goal: 0 }, shown = { turn, place: NaN };
  return {
    // A new key begins a new turn: places of two turns have nothing to do with each other.
    aim(key, goal) {
      if (key !== turn.key) turn = { key, number: turn.number + 1, goal };
      turn.goal = goal;
      return turn;
    },
    // Whether a picture would be shown, if it were offered.
    wants(from, place) {
      if (from !== shown.turn) return from.number > shown.turn.number;
      return Math.abs(place - from.goal) < Math.abs(shown.place - from.goal);
    },
    offer(picture, from, place) {
      if (!this.wants(from, place)) return false;
      shown = { turn: from, place };
      show(picture);
      return true;
    },
    turn: () => turn,
    exact: () => shown.turn === turn && shown.place === turn.goal,
  };
}
