// Requests of a class (demo/routes/classroom.py).
import { fetchRoute } from "../core/api.js";

/** A student's request. @param {string} name @param {object} values */
export const asStudent = (name, values) =>
  fetchRoute(`class/${name}`, { method: "POST", body: JSON.stringify(values) });

/** The teacher's requests. @param {string} key */
export function asTeacher(key) {
  const headers = { "X-GANscope-Teacher": key };
  return {
    get: (/** @type {string} */ name) => fetchRoute(`class/${name}`, { headers }),
    post: (/** @type {string} */ name, values = {}) =>
      fetchRoute(`class/${name}`, { method: "POST", headers, body: JSON.stringify(values) }),
  };
}
