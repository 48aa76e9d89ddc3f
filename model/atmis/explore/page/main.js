// The page: puts its parts together and keeps them in step.

import {ask, lines, send} from "./asking.js";
import {chart, findings} from "./bands.js";
import * as closer from "./closer.js";
import {Course} from "./course.js";
import {Levers} from "./levers.js";
import {by, dateOf, dayOf, inWords, iso, make} from "./making.js";
import {Map_, key} from "./map.js";
import * as results from "./results.js";
import {Strip, dates} from "./strip.js";
import * as take from "./take.js";
import {keep, query, read, same, view} from "./view.js";

const WAIT = 180; // milliseconds that a lever must rest before anything is run
const kept = new Map(); // courses by what was asked
let setting, levers, strip, maps, courses = [], found = null, day = 0, playing = null, asking = 0, comparing = null, waiting = null;

const shade = () => setting.shades.find((one) => one.name === view.shade) ?? setting.shades[0];
const sides = () => (same() ? ["a"] : ["a", "b"]);

function trouble(error) {
  by("trouble").hidden = !error;
  by("trouble").textContent = error ? error.message : "";
}

// --- the day that is shown ---

function show(live = true) {
  if (!courses.length) return;
  const seen = new Set(), date = inWords(dateOf(day, courses[0].start));
  by("date").textContent = date;
  by("day").value = day;
  by("day").setAttribute("aria-valuetext", date);
  strip.move(day);
  courses.forEach((course, k) => {
    maps[k].show(course, day, shade());
    maps[k].describe(`Map of future ${"AB"[k]} on ${date}: ${shade().unit} by zone, cells as counts, bases by holder`);
    maps[k].tell(course, day, live);
    for (let b = 0; b < course.bases; b++) seen.add(course.holders[day * course.bases + b]).add(course.holders[b]);
  });
  const about = `${shade().name} ${[...seen].sort().join(" ")}`;
  if (by("key").dataset.about !== about) {
    by("key").dataset.about = about;
    by("key").replaceChildren(...key(setting, shade(), seen));
  }
  if (live) {
    by("history").replaceChildren(...closer.history(setting, courses, view.look, day));
    keep({day: iso(dateOf(day, courses[0].start))});
  }
}

function go(to, live = true) {
  if (!courses.length) return;
  if (!Number.isFinite(to)) to = 0; // of a link that says no day
  day = Math.min(Math.max(Math.round(to), 0), courses[0].days - 1);
  show(live);
}

function play(on) {
  if (!courses.length) return;
  if (on && day >= courses[0].days - 1) day = 0;
  playing = on ? {from: day, at: performance.now()} : null;
  by("play").textContent = on ? "Pause" : "Play";
  by("play").setAttribute("aria-pressed", String(on));
  if (on) requestAnimationFrame(tick);
  else show();
}

function tick(now) {
  if (!playing) return;
  const to = playing.from + Math.floor(((now - playing.at) / 1000) * Number(by("speed").value));
  if (to !== day) go(to, false);
  if (day >= courses[0].days - 1) play(false);
  else requestAnimationFrame(tick);
}

function choose(look) {
  keep({look});
  by("look").value = look;
  const {kind, k} = closer.place(setting, look);
  maps.forEach((map) => map.choose(kind, k));
  show();
}

// --- the futures ---

async function courseOf(side) {
  const asked = `/api/course/${side}?${query(side)}&replicate=${view.replicate}`;
  if (!kept.has(asked)) kept.set(asked, ask(asked).then((told) => new Course(told, setting.zones.length, setting.bases.length)));
  try {
    return await kept.get(asked);
  } catch (error) {
    kept.delete(asked);
    throw error;
  }
}

async function told(side, mine) {
  const future = await ask(`/api/rest/${side}?${query(side)}`);
  if (mine !== asking) return; // a lever has moved on meanwhile
  by(`assumes-${side}`).textContent = future.assumes;
  if (side === "b") {
    for (const name of Object.keys(setting.levers)) keep({[`b.${name}`]: future.moved[name]});
    levers.set(future.rest, future.moved);
    const count = Object.keys(future.moved).length;
    by("moved-count").textContent = count ? `(${count} moved)` : "";
    by("rest").disabled = !count;
  }
}

async function renew() {
  const mine = ++asking;
  trouble(null);
  document.body.classList.add("busy");
  try {
    await told("b", mine);
    const first = !courses.length; // the first view comes before everything else
    if (!first && mine === asking) compare();
    const asked = await Promise.all([...sides().map(courseOf), told("a", mine)]);
    if (mine !== asking) return;
    courses = asked.slice(0, -1);
    document.body.classList.toggle("two", courses.length > 1);
    maps.forEach((map, k) => {
      map.figure.hidden = k >= courses.length;
      map.title.replaceChildren(make("span", {class: `mark ${"ab"[k]}`, text: "AB"[k]}), ` ${k ? by("scenario-b").value.replaceAll("_", " ") : view.a.replaceAll("_", " ")}${k && !by("rest").disabled ? ", levers moved" : ""}`);
    });
    by("day").max = courses[0].days - 1;
    strip.set(courses);
    go(view.day ? dayOf(view.day, courses[0].start) : day);
    by("luck-told").textContent = `Course no. ${Number(view.replicate) + 1} under seed ${view.seed}. Both futures share all that is drawn: what differs is what you changed.`;
    take.files();
    if (first) compare();
  } catch (error) {
    if (mine !== asking) return;
    trouble(error);
    if (!courses.length) by("differs").setAttribute("aria-busy", "false"); // nothing is run
  } finally {
    if (mine === asking) document.body.classList.remove("busy");
  }
}

function soon() {
  asking++; // an answer that is on its way would put the lever back
  clearTimeout(waiting);
  waiting = setTimeout(renew, WAIT);
}

// --- what differs ---

function showFound() {
  if (!found) return;
  chart(by("bands"), found, by("indicator").value, by("group").value, same());
  if (same()) by("findings").replaceChildren(make("p", {class: "small", text: "Choose another scenario for B, or move a lever, to see what differs."}));
  else findings(by("findings"), found);
}

async function compare() {
  comparing?.abort();
  const mine = (comparing = new AbortController()), began = performance.now();
  by("differs").setAttribute("aria-busy", "true");
  by("working").textContent = "Running both futures under the same luck …";
  try {
    for await (const part of lines(`/api/compared?${query("a", "b")}`, mine.signal)) {
      by("progress").max = part.total;
      by("progress").value = part.done ?? part.replicates * 2;
      if (part.rows) {
        found = part;
        choices();
        showFound();
      }
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    by("working").textContent = `${found.replicates} courses of each future, in ${seconds} seconds.`;
    by("differs").setAttribute("aria-busy", "false");
  } catch (error) {
    if (error.name === "AbortError") return;
    found = null;
    by("working").textContent = error.message;
    by("differs").setAttribute("aria-busy", "false");
    by("findings").replaceChildren();
    by("bands").replaceChildren();
  }
}

function choices() {
  if (by("indicator").options.length) return;
  by("indicator").append(...Object.entries(found.bands).map(([name, one]) => make("option", {value: name, text: one.heading})));
  by("group").append(...Object.entries(setting.group_names).filter(([name]) => name in Object.values(found.bands)[0].groups).map(([name, words]) => make("option", {value: name, text: words})));
  for (const name of ["indicator", "group"]) {
    if ([...by(name).options].some((one) => one.value === view[name])) by(name).value = view[name];
    by(name).addEventListener("change", () => (keep({[name]: by(name).value}), showFound()));
  }
}

// --- folders ---

async function open(folder) {
  by("open-trouble").hidden = true;
  by("opened").replaceChildren();
  try {
    results.show(by("opened"), await send("/api/open", {folder}));
    keep({folder});
  } catch (error) {
    by("open-trouble").hidden = false;
    by("open-trouble").textContent = error.message;
  }
}

// --- putting it together ---

function futures() {
  for (const side of ["a", "b"]) {
    const names = Object.keys(setting.scenarios), select = by(`scenario-${side}`);
    select.append(...names.map((name) => make("option", {value: name, text: name.replaceAll("_", " ")})));
    select.value = view[side];
    select.addEventListener("change", () => (keep({[side]: select.value, "b.name": null}), renew()));
  }
  levers = new Levers(by("levers"), setting, (name, at) => (keep({[`b.${name}`]: at, "b.name": null}), soon()));
  by("rest").addEventListener("click", () => {
    keep(Object.fromEntries(Object.keys(view).filter((key) => key.startsWith("b.")).map((key) => [key, null])));
    renew();
  });
  by("other-luck").addEventListener("click", () => (keep({replicate: (Number(view.replicate) + 1) % setting.replicates}), renew()));
}

function player() {
  by("play").addEventListener("click", () => play(!playing));
  by("back").addEventListener("click", () => (play(false), go(day - 1)));
  by("step").addEventListener("click", () => (play(false), go(day + 1)));
  by("day").addEventListener("input", () => (playing && play(false), go(Number(by("day").value))));
  by("speed").addEventListener("change", () => playing && (playing = {from: day, at: performance.now()}));
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.target.closest("button, input, select, textarea, summary, a, [tabindex='0']")) return;
    event.preventDefault();
    play(!playing);
  });
  by("shades").append(...setting.shades.map((one) => make("label", {}, make("input", {type: "radio", name: "shade", value: one.name, checked: one === shade(), onchange: () => (keep({shade: one.name}), show())}), ` ${one.label}`)));
  by("dates").append(...dates(setting, setting.start, (to) => (play(false), go(to))));
}

function begin() {
  keep({a: view.a ?? setting.first, seed: view.seed ?? setting.seed, replicate: view.replicate ?? 0});
  keep({b: view.b ?? view.a});
}

async function main() {
  read(location.search);
  setting = await ask("/api/setting");
  begin();
  by("waiting").hidden = setting.compiled;
  const go_ = (to) => (play(false), go(to));
  maps = ["A", "B"].map((side) => new Map_(setting, side, choose));
  by("maps").append(...maps.map((map) => map.figure));
  maps[1].figure.hidden = true;
  strip = new Strip(by("strip"), setting, go_);
  by("look").append(...closer.options(setting));
  by("look").value = view.look ?? "";
  by("look").addEventListener("change", () => choose(by("look").value));
  by("levers-box").open = matchMedia("(min-width: 60rem)").matches;
  futures();
  player();
  take.ready(setting, (query_) => (location.href = `/?${new URLSearchParams(query_)}`), (name) => (keep({"b.name": name}), take.files()));
  by("open").addEventListener("submit", (event) => (event.preventDefault(), open(by("folder").value)));
  new ResizeObserver(showFound).observe(by("bands"));
  await renew();
  by("waiting").hidden = true;
  const labels = await ask("/api/labels");
  maps.forEach((map) => map.label(labels));
  choose(view.look ?? "");
  document.body.classList.add("ready");
  if (view.folder) {
    by("folder").value = view.folder;
    await open(view.folder);
  }
}

main().catch(trouble);
