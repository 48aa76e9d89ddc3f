// A map of zones and bases on a day: shades, cells as counts, the signs of holders and of what became of a base.

import {draw, make, number} from "./making.js";

const TURNS = {"^": -90, "v": 90, "<": 180, ">": 0};
const STANDS = {open: 0, "handed over": 1, closed: 2, overrun: 3, retaken: 4};

function corners(count, radius, turn = -90, inner = 0) {
  const points = [];
  const steps = inner ? 2 * count : count;
  for (let k = 0; k < steps; k++) {
    const angle = (turn + (360 * k) / steps) * Math.PI / 180, far = inner && k % 2 ? inner : radius;
    points.push(`${(far * Math.cos(angle)).toFixed(1)} ${(far * Math.sin(angle)).toFixed(1)}`);
  }
  return `M${points.join("L")}Z`;
}

// The outline of a sign, as in the figures of atmis.
export function outline(shape, r) {
  if (shape in TURNS) return corners(3, 1.15 * r, TURNS[shape]);
  const a = 0.38 * r;
  const shapes = {
    "s": () => `M${-0.85 * r} ${-0.85 * r}h${1.7 * r}v${1.7 * r}h${-1.7 * r}Z`,
    "D": () => corners(4, 1.1 * r),
    "d": () => `M0 ${-1.2 * r}L${0.7 * r} 0L0 ${1.2 * r}L${-0.7 * r} 0Z`,
    "p": () => corners(5, r), "h": () => corners(6, r), "8": () => corners(8, r),
    "*": () => corners(5, 1.35 * r, -90, 0.55 * r),
    "P": () => `M${-a} ${-r}h${2 * a}v${r - a}h${r - a}v${2 * a}h${a - r}v${r - a}h${-2 * a}v${a - r}h${a - r}v${-2 * a}h${r - a}Z`,
    "X": () => corners(4, r, -45, 0.4 * r),
  };
  return shapes[shape]?.() ?? `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
}

const cross = (r) => `M${-r} ${-r}L${r} ${r}M${-r} ${r}L${r} ${-r}`;

// What is drawn around or in place of a sign.
export function fate(standing, handed, r) {
  if (standing === STANDS.closed) return {class: "closed", d: cross(0.7 * r)};
  if (standing === STANDS.overrun) return {class: "fallen", d: cross(1.25 * r)};
  if (standing === STANDS.retaken) return {class: "retaken", d: `M${-1.7 * r} 0a${1.7 * r} ${1.7 * r} 0 1 0 ${3.4 * r} 0a${1.7 * r} ${1.7 * r} 0 1 0 ${-3.4 * r} 0`};
  if (handed) return {class: "handed", d: `M${-1.6 * r} ${-1.6 * r}h${3.2 * r}v${3.2 * r}h${-3.2 * r}Z`};
  return {class: "", d: ""};
}

export class Map_ {
  constructor(setting, side, choose) {
    this.setting = setting;
    this.size = setting.letters;
    this.r = 0.36 * this.size;
    this.svg = draw("svg", {viewBox: setting.frame.join(" "), role: "img", class: "map"});
    this.zones = setting.zones.map((zone, k) => draw("path", {class: "zone", d: zone.path, onclick: () => choose(`zone:${zone.id}`)}, draw("title", {text: zone.name})));
    this.borders = setting.borders.map((path) => draw("path", {class: "border", d: path}));
    this.bases = setting.bases.map((base) => this.sign(base, choose));
    this.ring = draw("path", {class: "chosen"});
    this.names = draw("g", {class: "names", "font-size": this.size});
    this.svg.append(draw("g", {}, ...this.zones), draw("g", {}, ...this.borders), this.ring, draw("g", {}, ...this.bases.map((base) => base.group)), this.names);
    this.title = make("h3", {});
    this.list = make("div", {class: "happenings", tabindex: "0", role: "region", "aria-live": "polite", "aria-label": `Happenings in future ${side}`});
    this.figure = make("div", {class: "view"}, this.title, this.svg, this.list);
  }

  sign(base, choose) {
    const body = draw("path", {class: "body"}), around = draw("path", {class: "around"});
    const group = draw("g", {class: "base", transform: `translate(${base.at.join(" ")})`, onclick: () => choose(`base:${base.id}`)}, draw("title", {text: base.name}), body, around);
    return {group, body, around, hollow: base.placed === "synthetic"};
  }

  label(places) {
    this.names.replaceChildren();
    this.names.setAttribute("font-size", this.size * (matchMedia("(max-width: 44rem)").matches ? 1.12 : 1));
    this.counts = places.map((place, k) => {
      const [x, y] = place.at, count = draw("tspan", {class: "count", x, dy: "1.1em"});
      if (place.anchor) this.names.append(draw("path", {class: "leader", d: `M${x} ${y}L${place.anchor.join(" ")}`}));
      this.names.append(draw("text", {x, y: y - 0.1 * this.size}, draw("tspan", {x, text: this.setting.zones[k].name}), count));
      return count;
    });
  }

  show(course, day, shade) {
    const zones = this.zones.length, bases = this.bases.length;
    for (let k = 0; k < zones; k++) {
      const value = course.value(shade, day, k);
      const step = shade.bounds.filter((bound) => value >= bound).length;
      this.zones[k].style.fill = shade.colours[step];
      const cells = course.cells[day * zones + k];
      if (this.counts) this.counts[k].textContent = `${cells} ${cells === 1 ? "cell" : "cells"}`;
    }
    for (let k = 0; k < this.borders.length; k++) this.borders[k].classList.toggle("open", course.open_segments[day * course.segments + k] > 0);
    for (let k = 0; k < bases; k++) this.base(k, course.holders[day * bases + k], course.standings[day * bases + k], course.holders[k]);
  }

  base(k, holder, standing, first) {
    const base = this.bases[k], state = `${holder} ${standing}`;
    if (base.state === state) return;
    base.state = state;
    const look = this.setting.holders[holder], around = fate(standing, holder !== first, this.r);
    base.body.setAttribute("d", standing === STANDS.closed ? "" : outline(look.shape, this.r));
    base.body.style.fill = base.hollow ? "#fff" : look.fill;
    base.body.style.stroke = look.edge;
    base.around.setAttribute("d", around.d);
    base.around.setAttribute("class", `around ${around.class}`);
  }

  // Say in words what the map shows, for who does not see it.
  describe(words) {
    this.svg.setAttribute("aria-label", words);
  }

  choose(kind, k) {
    const r = 2.4 * this.r;
    if (kind === "zone") this.ring.setAttribute("d", this.setting.zones[k].path), this.ring.removeAttribute("transform");
    else if (kind === "base") {
      this.ring.setAttribute("d", `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`);
      this.ring.setAttribute("transform", `translate(${this.setting.bases[k].at.join(" ")})`);
    } else this.ring.setAttribute("d", "");
  }

  tell(course, day, live) {
    this.list.setAttribute("aria-live", live ? "polite" : "off");
    const today = course.on(day), before = course.before(day, 5), start = Date.parse(course.start);
    const item = (one, when) => make("li", {class: one.kind}, ...(when ? [make("span", {class: "when", text: when})] : []), one.text);
    const said = today.length ? today.map((one) => item(one)) : [make("li", {class: "quiet", text: "No attack and no move on this day."})];
    const day_ = (k) => new Date(start + k * 86400000).toLocaleDateString("en-GB", {day: "numeric", month: "short", year: "numeric", timeZone: "UTC"});
    this.list.replaceChildren(make("h4", {text: "On this day"}), make("ul", {}, ...said),
      ...(before.length ? [make("h4", {text: "Before"}), make("ul", {class: "before"}, ...before.map((one) => item(one, day_(one.day))))] : []));
  }
}

// What shades, signs and lines stand for.
export function key(setting, shade, seen) {
  const r = 7, box = (...parts) => draw("svg", {viewBox: "-12 -12 24 24", class: "sign", "aria-hidden": "true"}, ...parts);
  const item = (picture, words) => make("li", {}, picture, words);
  const steps = shade.colours.map((colour, k) => {
    const low = shade.bounds[k - 1], high = shade.bounds[k];
    const words = low === undefined ? `below ${number(high)}` : high === undefined ? `${number(low)} or more` : `${number(low)} to ${number(high)}`;
    const chip = make("span", {class: "chip"});
    chip.style.background = colour;
    return item(chip, words);
  });
  const holders = setting.holders.filter((_, k) => seen.has(k)).map((look) => {
    const path = draw("path", {d: outline(look.shape, r)});
    path.style.fill = look.fill;
    path.style.stroke = look.edge;
    return item(box(path), look.name);
  });
  const hollow = box(draw("path", {class: "hollow", d: outline("o", r)}));
  const fates = [[STANDS.open, true, "passed on"], [STANDS.closed, false, "closed"], [STANDS.overrun, false, "fallen, not yet retaken"], [STANDS.retaken, false, "fell, and was retaken"]].map(([standing, handed, words]) => {
    const around = fate(standing, handed, r * 0.7);
    return item(box(draw("path", {class: `around ${around.class}`, d: around.d})), words);
  });
  const lines = ["", "open"].map((kind) => item(box(draw("path", {class: `border ${kind}`, d: "M-11 0H11"})), kind ? "border, open" : "border, closed"));
  const group = (heading, items) => make("div", {}, make("h4", {text: heading}), make("ul", {}, ...items));
  return [group(`Zones: ${shade.unit}`, steps), group("Bases: who holds them", [...holders, item(hollow, "hollow: place not known, spread over its zone")]), group("Bases: what became of them", [...fates, ...lines])];
}
