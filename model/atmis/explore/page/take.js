// Take it away: a scenario as YAML, figures and tables as files, the view as a link or a file.

import {send} from "./asking.js";
import {by, make} from "./making.js";
import {future, query, same, view} from "./view.js";

const FIGURES = {differences: "Differences", fan: "By month, and what they add up to", change: "Map of what changes", troops: "Troops of both"};
const OF_ONE = {map: "Bases, before and after", attacks: "Attacks", deaths: "Deaths", survival: "Bases handed over", border: "Border counties"};

function entry(words, name, kinds) {
  const links = kinds.flatMap((kind) => [" ", make("a", {href: `/api/take/${name}.${kind}?${query("a", "b")}`, download: "", "aria-label": `${words} as ${kind.toUpperCase()}`, text: kind.toUpperCase()})]);
  return make("li", {}, words, ...links);
}

export function files() {
  const sides = same() ? ["a"] : ["a", "b"];
  const both = same() ? [] : [...Object.entries(FIGURES).map(([name, words]) => entry(words, name, ["png", "svg"])), entry("All differences, with intervals and verdicts", "comparison", ["csv"])];
  const each = sides.flatMap((side) => [...Object.entries(OF_ONE).map(([name, words]) => entry(`${side.toUpperCase()}: ${words}`, `${side}.${name}`, ["png", "svg"])), entry(`${side.toUpperCase()}: every course, summed up`, `${side}.summary`, ["csv"])]);
  by("files").replaceChildren(...both, ...each);
  const content = JSON.stringify({atmis_view: view}, null, 2);
  by("view-file").href = URL.createObjectURL(new Blob([content], {type: "application/json"}));
}

function copied(text, told) {
  navigator.clipboard.writeText(text).then(() => (told.textContent = "Copied."), () => (told.textContent = text));
}

function command(text) {
  const told = make("span", {class: "small", role: "status"});
  return make("div", {class: "command"}, make("code", {text}), make("button", {type: "button", class: "quiet", text: "Copy", onclick: () => copied(text, told)}), told);
}

export function ready(setting, reopen, saved) {
  by("save-told").textContent = `Written below ${setting.save_in}; atmis run turns it into the very same numbers.`;
  by("save").addEventListener("submit", async (event) => {
    event.preventDefault();
    const place = by("saved");
    try {
      const told = await send("/api/save", {name: by("name").value.trim(), future: future()});
      saved(by("name").value.trim());
      place.replaceChildren(make("p", {text: `Saved as ${told.path}. The same numbers, and the comparison, by:`}), command(told.run), command(told.compare), make("details", {}, make("summary", {text: "What was written"}), make("pre", {text: told.yaml, tabindex: "0"})));
    } catch (error) {
      place.replaceChildren(make("p", {class: "note", text: error.message}));
    }
  });
  by("link").addEventListener("click", () => copied(location.href, by("link-told")));
  by("view-open").addEventListener("change", async (event) => {
    try {
      const told = JSON.parse(await event.target.files[0].text()).atmis_view;
      if (!told || typeof told !== "object") throw new Error();
      reopen(told);
    } catch {
      by("link-told").textContent = "This file holds no view of atmis explore.";
    }
    event.target.value = "";
  });
}
