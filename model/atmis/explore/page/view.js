// What is being looked at, kept in the address of the page, so that a link or a file opens the same again.

const KNOWN = ["a", "b", "b.name", "seed", "replicate", "day", "shade", "look", "indicator", "group", "folder"];

export const view = {};

export function read(query) {
  for (const key of Object.keys(view)) delete view[key];
  for (const [key, value] of new URLSearchParams(query)) if (KNOWN.includes(key) || /^b\.[a-z]/.test(key)) view[key] = value;
}

export function keep(changes) {
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") delete view[key];
    else view[key] = String(value);
  }
  history.replaceState(null, "", `/?${new URLSearchParams(view)}`);
}

export const levers = () => Object.fromEntries(Object.entries(view).filter(([key]) => key.startsWith("b.") && key !== "b.name"));

// What the server needs to know of one future, or of both.
export function query(...sides) {
  const asked = {seed: view.seed};
  if (sides.includes("a")) asked.a = view.a;
  if (sides.includes("b")) Object.assign(asked, {b: view.b}, levers(), view["b.name"] ? {"b.name": view["b.name"]} : {});
  return new URLSearchParams(asked);
}

export const future = () => ({b: view.b, ...levers(), seed: view.seed});
export const same = () => view.a === view.b && Object.keys(levers()).length === 0;
