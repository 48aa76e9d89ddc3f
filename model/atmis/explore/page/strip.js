// The time line: attacks by month in either course, troops of the mission, documented dates by number, the day shown.

import {dateOf, dayOf, draw, make, number} from "./making.js";

const HEIGHT = 92, TOP = 22, FOOT = 16, EDGE = 8, NARROW = 480;

export class Strip {
  constructor(place, setting, go) {
    Object.assign(this, {place, setting, go, courses: []});
    this.cursor = draw("line", {class: "cursor"});
    new ResizeObserver(() => this.redraw()).observe(place);
    place.addEventListener("click", (event) => {
      if (!this.days) return;
      const box = place.getBoundingClientRect();
      go(Math.round(((event.clientX - box.left - EDGE) / (box.width - 2 * EDGE)) * (this.days - 1)));
    });
  }

  set(courses) {
    this.courses = courses;
    this.days = courses[0].days;
    this.start = courses[0].start;
    this.redraw();
  }

  x(day) {
    return EDGE + (day / (this.days - 1)) * (this.width - 2 * EDGE);
  }

  move(day) {
    this.day = day;
    if (!this.width) return;
    const x = this.x(day);
    for (const [name, value] of Object.entries({x1: x, x2: x, y1: TOP - 4, y2: HEIGHT - FOOT})) this.cursor.setAttribute(name, value);
  }

  redraw() {
    this.width = this.place.clientWidth;
    if (!this.courses.length || !this.width) return;
    const months = this.months(), low = HEIGHT - FOOT;
    const counts = this.courses.map((course) => months.map(([from, to]) => Array.from({length: course.zones}, (_, z) => course.sum(from, to, z)).reduce((a, b) => a + b)));
    const most = Math.max(1, ...counts.flat()), y = (value) => low - (value / most) * (low - TOP);
    const troops = Math.max(...this.courses.map((course) => Math.max(...course.deployed)), 1);
    const area = this.courses[0].deployed.reduce((path, value, day) => (day % 7 ? path : `${path}L${this.x(day).toFixed(1)} ${(low - (value / troops) * (low - TOP)).toFixed(1)}`), `M${this.x(0)} ${low}`);
    const line = (values) => values.map((value, k) => `${k ? "L" : "M"}${this.x(months[k][0]).toFixed(1)} ${y(value).toFixed(1)}H${this.x(Math.min(months[k][1], this.days - 1)).toFixed(1)}`).join("");
    const words = `Attacks by month in this course, at most ${most}, and troops of the mission, at most ${number(troops)}`;
    this.place.replaceChildren(draw("svg", {viewBox: `0 0 ${this.width} ${HEIGHT}`, height: HEIGHT, role: "img", "aria-label": words},
      draw("path", {class: "troops", d: `${area}L${this.x(this.days - 1)} ${low}Z`}),
      ...counts.map((values, k) => draw("path", {class: `line ${"ab"[k]}`, d: line(values)})).reverse(),
      draw("text", {class: "tick", x: EDGE, y: 10, text: this.width < NARROW ? `attacks a month, up to ${number(most)}` : `attacks a month, up to ${number(most)}; grey: troops of the mission in A, up to ${number(troops)}`}),
      ...this.years(low), ...this.marks(low), this.cursor));
    this.move(this.day ?? 0);
  }

  months() {
    const found = [], first = dateOf(0, this.start);
    for (let month = 0, from = 0; from < this.days; month++) {
      const next = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month + 1, 1);
      const to = Math.min(Math.round((next - first.getTime()) / 86400000), this.days);
      found.push([from, to]);
      from = to;
    }
    return found;
  }

  years(low) {
    const found = [], first = dateOf(0, this.start).getUTCFullYear();
    for (let year = first; dayOf(`${year}-01-01`, this.start) < this.days; year++) {
      const day = Math.max(dayOf(`${year}-01-01`, this.start), 0), x = this.x(day);
      found.push(draw("line", {class: "year", x1: x, x2: x, y1: low, y2: low + 5}), draw("text", {class: "tick", x: x + 3, y: HEIGHT - 3, text: year}));
    }
    return found;
  }

  marks(low) {
    let last = -99;
    return this.setting.dates.flatMap((mark, k) => {
      const x = this.x(dayOf(mark.date, this.start)), at = Math.max(x, last + 17);
      last = at;
      if (this.width < NARROW) return [draw("path", {class: "dated", d: `M${x} ${TOP}V${low}`})];
      return [draw("path", {class: "dated", d: `M${at} ${TOP + 2}L${x} ${TOP + 8}V${low}`}), draw("text", {class: "no", x: at, y: TOP, text: k + 1}, draw("title", {text: `${mark.when}: ${mark.text}`}))];
    });
  }
}

export function dates(setting, start, go) {
  return setting.dates.map((mark) => make("li", {}, make("button", {type: "button", class: "quiet", text: mark.when, onclick: () => go(dayOf(mark.date, start))}), ` ${mark.text}`));
}
