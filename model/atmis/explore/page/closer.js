// What a zone or a base has lived through, up to the day that is shown.

import {dateOf, draw, inWords, make, number} from "./making.js";

export function options(setting) {
  const zones = setting.zones.map((zone) => make("option", {value: `zone:${zone.id}`, text: zone.name}));
  const bases = setting.zones.flatMap((zone, z) => {
    const here = setting.bases.filter((base) => base.zone === z);
    return here.length ? [make("optgroup", {label: `Bases in ${zone.name}`}, ...here.map((base) => make("option", {value: `base:${base.id}`, text: base.name})))] : [];
  });
  return [make("option", {value: "", text: "choose"}), make("optgroup", {label: "Zones"}, ...zones), ...bases];
}

export function place(setting, look) {
  const [kind, id] = (look ?? "").split(":");
  const k = (kind === "zone" ? setting.zones : kind === "base" ? setting.bases : []).findIndex((one) => one.id === id);
  return k < 0 ? {kind: "", k} : {kind, k};
}

function story(course, about, day) {
  const items = course.happenings.filter((one) => one.day <= day && one.kind !== "attacks" && about(one)).reverse().slice(0, 12);
  return items.length ? make("ul", {class: "before"}, ...items.map((one) => make("li", {}, make("span", {class: "when", text: inWords(dateOf(one.day, course.start))}), one.text))) : make("p", {class: "small", text: "Nothing remarkable so far."});
}

function facts(rows) {
  return make("dl", {class: "facts"}, ...rows.map(([what, value]) => make("div", {}, make("dt", {text: what}), make("dd", {text: value}))));
}

function spark(course, k, day, words) {
  const counts = [];
  for (let to = day + 1; to > 0 && counts.length < 24; to -= 30) counts.unshift(course.sum(Math.max(to - 30, 0), to, k));
  const most = Math.max(...counts, 1);
  return draw("svg", {viewBox: "0 0 240 44", class: "spark", role: "img", "aria-label": words}, ...counts.map((count, n) => draw("rect", {x: 10 * (n + 24 - counts.length), y: 42 - (40 * count) / most, width: 8, height: (40 * count) / most + 2})));
}

function ofZone(setting, course, k, day) {
  const zone = setting.zones[k], at = day * course.zones + k;
  const rows = [["Where", `${zone.region}, ${zone.country === "kenya" ? "Kenya" : "Somalia"}`], ["People, census or survey", number(zone.people)], ["Cells of the armed group", number(course.cells[at])],
    ["Control by government", `${number(course.control[at] / 10)} %`], ["Effective troops", number(course.troops[at])], ["Attacks so far", number(course.sum(0, day + 1, k))]];
  const words = `Attacks in each of the last spans of 30 days, up to two years`;
  return [facts(rows), spark(course, k, day, words), make("p", {class: "small", text: `${words}.`}), story(course, (one) => one.zones?.includes(k), day)];
}

function ofBase(setting, course, k, day) {
  const base = setting.bases[k], at = day * course.bases + k, known = {documented: "documented", approximate: "approximate", synthetic: "not known: spread over its zone"};
  const rows = [["What", `${base.kind}, ${setting.zones[base.zone].name}`], ["Its place", known[base.placed]], ["Held by", setting.holders[course.holders[at]].name],
    ["Standing", setting.standings[course.standings[at]]], ["Attacks on it so far", number(course.attacked[k].filter((one) => one <= day).length)]];
  return [facts(rows), story(course, (one) => one.base === k, day)];
}

export function history(setting, courses, look, day) {
  const {kind, k} = place(setting, look);
  if (!kind) return [];
  const name = (kind === "zone" ? setting.zones : setting.bases)[k].name, tell = kind === "zone" ? ofZone : ofBase;
  return courses.map((course, side) => make("div", {}, make("h3", {}, make("span", {class: `mark ${"ab"[side]}`, text: "AB"[side]}), ` ${name}, to ${inWords(dateOf(day, course.start))}`), ...tell(setting, course, k, day)));
}
