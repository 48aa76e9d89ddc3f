// Folders of finished runs, comparisons and sweeps.

import {make} from "./making.js";
import {finding} from "./bands.js";

function table(told) {
  const head = make("tr", {}, make("th", {scope: "col", text: "Median, and the middle 90 % of the replicates"}), ...told.columns.map((name) => make("th", {scope: "col", text: name})));
  const row = (one) => make("tr", {}, make("th", {scope: "row"}, one.heading, make("span", {class: "unit", text: ` ${one.unit}`})), ...one.cells.map((cell) => make("td", {}, cell.median, make("span", {class: "unit", text: cell.range}))));
  return make("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of results"}, make("table", {}, make("thead", {}, head), make("tbody", {}, ...told.rows.map(row))));
}

function compared(one) {
  return [make("h4", {text: `${one.label} against ${one.baseline}`}), make("dl", {class: "findings"}, ...one.rows.map(finding))];
}

export function show(place, told) {
  const report = told.has_report ? [make("p", {}, make("a", {href: `/api/report/${told.id}`, target: "_blank", rel: "noopener", text: "Read the report of this folder"}))] : [];
  const figures = told.figures.map((one) => make("figure", {}, make("img", {src: one.data, alt: one.alt}), make("figcaption", {}, make("strong", {text: one.title}), ` ${one.caption}`)));
  place.replaceChildren(make("h3", {tabindex: "-1", text: told.title}), make("p", {class: "small", text: `${told.folder} · ${told.about}`}), ...report,
    ...(told.table ? [table(told.table)] : []), ...(told.sides ?? []).flatMap(compared), ...figures);
  place.querySelector("h3").focus();
}
