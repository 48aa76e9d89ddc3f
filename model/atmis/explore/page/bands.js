// Bands by month of both futures: the middle 90 % and 50 % of the courses, and the median.

import {draw, make, number} from "./making.js";

const HEIGHT = 250, LEFT = 52, RIGHT = 8, TOP = 10, FOOT = 22;

function ticks(most) {
  const rough = most / 4, power = 10 ** Math.floor(Math.log10(rough)), step = [1, 2, 2.5, 5, 10].find((k) => k * power >= rough) * power;
  return Array.from({length: Math.floor(most / step + 1e-9) + 1}, (_, k) => k * step);
}

export function chart(place, found, indicator, group, alone) {
  const told = found.bands[indicator], sides = told.groups[group].slice(0, alone ? 1 : 2);
  const width = Math.max(place.clientWidth, 280), count = found.months.length;
  const most = Math.max(...sides.map((side) => Math.max(...side[4])), 1e-9) * 1.05, low = HEIGHT - FOOT;
  const x = (k) => LEFT + (k / count) * (width - LEFT - RIGHT), y = (value) => low - (value / most) * (low - TOP);
  const steps = (values) => values.map((value, k) => `L${x(k).toFixed(1)} ${y(value).toFixed(1)}H${x(k + 1).toFixed(1)}`).join("").slice(1);
  const back = (values) => values.map((value, k) => `L${x(k + 1).toFixed(1)} ${y(value).toFixed(1)}H${x(k).toFixed(1)}`).reverse().join("");
  const band = (side, from, to, kind) => draw("path", {class: kind, d: `M${steps(side[to])}${back(side[from])}Z`});
  const svg = draw("svg", {viewBox: `0 0 ${width} ${HEIGHT}`, height: HEIGHT, role: "img", "aria-label": `${told.heading} by month: median and the middle 50 % and 90 % of ${found.replicates} courses; the numbers are in the table below and in the CSV files`});
  for (const tick of ticks(most)) svg.append(draw("line", {class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick)}), draw("text", {class: "tick end", x: LEFT - 6, y: y(tick) + 3.5, text: number(tick, tick % 1 ? 1 : 0)}));
  found.months.forEach((month, k) => {
    if (month.endsWith("-01") || k === 0) svg.append(draw("line", {class: "year", x1: x(k), x2: x(k), y1: low, y2: low + 5}), draw("text", {class: "tick", x: x(k) + 3, y: HEIGHT - 6, text: month.slice(0, 4)}));
  });
  sides.forEach((side, k) => svg.append(band(side, 0, 4, `outer ${"ab"[k]}`), band(side, 1, 3, `inner ${"ab"[k]}`)));
  sides.forEach((side, k) => svg.append(draw("path", {class: `line ${"ab"[k]}`, d: `M${steps(side[2])}`})));
  const words = `${told.heading} by month (${told.unit}). Line: median; bands: the middle 50 % and 90 % of ${found.replicates} courses.`;
  place.replaceChildren(svg, make("figcaption", {}, ...sides.map((_, k) => make("span", {class: `mark ${"ab"[k]}`, text: "AB"[k]})), ` ${words} They hold ${found.held}.`));
}

export const finding = (one) => make("div", {class: "finding"}, make("dt", {}, one.heading, " ", make("span", {class: `verdict ${one.verdict.replace(" ", "-")}`, text: one.verdict})), make("dd", {text: one.text.sentence}));

export function findings(place, found) {
  const same = found.same_until ? `The two futures are the same to the last digit until ${found.same_until}.` : "The two futures are the same to the last digit.";
  place.replaceChildren(make("p", {class: "small", text: `B against A over the whole run, ${found.replicates} pairs of courses that share all their luck. Intervals hold ${found.held}. ${same}`}), make("dl", {class: "findings"}, ...found.rows.map(finding)));
}
