// Breed's people: who is whose child, and the recipe (gan/recipes.py) from which they are made again.
(() => {
  const { unpackZ } = window.ganscope;
  const MOST_LISTED = 190; // the server takes 200 pictures in one recipe
  const MAX_SEED = 2 ** 32 - 1;

  /* A person: {id, kind, generation, label, z, image} and, by its kind,
     seed: {seed}; own: {text}; child: {parents, percent, litter, index}; sum: {groups: [plus, minus, onto]}.
     Parents and groups name earlier persons. */
  function family() {
    const people = [], known = new Map();

    // The person that `facts` describe: the same one each time.
    function person(facts) {
      const key = JSON.stringify([facts.kind, facts.seed, facts.text, facts.parents, facts.percent, facts.litter, facts.index, facts.groups]);
      if (known.has(key)) return Object.assign(people[known.get(key)], kept(facts));
      const before = behind(facts), id = people.length;
      const generation = before.length ? 1 + Math.max(...before.map((one) => people[one].generation)) : 0;
      known.set(key, id);
      people.push({ ...facts, id, generation, label: facts.label ?? labelOf(facts) });
      return people[id];
    }

    // A picture that is here already is not forgotten for one that is still to come.
    const kept = ({ z, image }) => ({ ...(z && { z }), ...(image && { image }) });
    const behind = ({ parents = [], groups = [] }) => [...parents, ...groups.flat()];

    function labelOf({ kind, seed, index, parents }) {
      if (kind === "seed") return `seed ${seed}`;
      if (kind === "own") return "a latent of its own";
      if (kind === "sum") return "A − B + C";
      return `child ${index + 1} of ${parents.map((id) => people[id].label.replace(/ of .*/, "")).join(" and ")}`;
    }

    // `ids` and all that they come from, oldest first.
    function ancestors(ids) {
      const found = new Set(), next = [...ids];
      while (next.length) {
        const id = next.pop();
        if (!found.has(id)) next.push(...behind(people[id]));
        found.add(id);
      }
      return [...found].sort((a, b) => a - b);
    }

    // The recipe of a litter {parents, percent, litter}, and the ids that it lists, in its order. A
    // lineage that is too long begins at the parents themselves.
    function recipe({ parents, percent, litter }) {
      let ids = ancestors(parents), own = false;
      if (ids.length > MOST_LISTED) [ids, own] = [parents, true];
      const place = new Map(ids.map((id, i) => [id, i]));
      const places = (list) => list.map((id) => place.get(id)).join("x");
      const born = (one) => `c${places(one.parents)}d${one.percent}s${one.litter}`;
      const written = (one) => {
        if (one.kind === "seed") return String(one.seed);
        if (one.kind === "own" || own) return `z${one.text ?? window.ganscope.packZ(one.z)}`;
        if (one.kind === "sum") return `a${places(one.groups[0])}m${places(one.groups[1])}p${places(one.groups[2])}`;
        return `${born(one)}i${one.index}`;
      };
      return { text: [...ids.map((id) => written(people[id])), born({ parents, percent, litter })].join("."), ids };
    }

    // The litter that a recipe ends in, its people made known; null for what cannot be one. What a
    // well-formed text says beyond that, the server checks.
    function read(text, z_dim) {
      if (typeof text !== "string" || text.length > 60000) return null;
      const parts = text.split("."), last = parts.pop(), ids = [];
      const named = (places) => (places ?? "").split("x").map((place) => ids[Number(place)]);
      for (const part of parts) {
        const facts = readPerson(part, named, z_dim);
        if (!facts || behind(facts).includes(undefined)) return null;
        ids.push(person(facts).id);
      }
      const end = readChild(last, named);
      return end && end.index === undefined && !end.parents.includes(undefined) ? end : null;
    }

    return { people, person, recipe, read, ancestors };
  }

  function readPerson(part, named, z_dim) {
    if (/^\d{1,10}$/.test(part)) return Number(part) <= MAX_SEED ? { kind: "seed", seed: Number(part) } : null;
    if (part.startsWith("z")) return unpackZ(part.slice(1), z_dim) && { kind: "own", text: part.slice(1) };
    const groups = /^a([\dx]+)m([\dx]+)p([\dx]+)$/.exec(part)?.slice(1).map(named);
    if (groups) return { kind: "sum", groups };
    const child = readChild(part, named);
    return child?.index !== undefined ? { kind: "child", ...child } : null;
  }

  function readChild(part, named) {
    const [, parents, percent, litter, index] = /^c(\d{1,3}(?:x\d{1,3})?)d(\d{1,3})s(\d{1,10})(?:i(\d{1,2}))?$/.exec(part) ?? [];
    if (!parents || percent > 100 || litter > MAX_SEED) return null;
    const told = { parents: named(parents), percent: Number(percent), litter: Number(litter) };
    return index === undefined ? told : { ...told, index: Number(index) };
  }

  window.ganscope.breed = { family, readPerson };
})();
