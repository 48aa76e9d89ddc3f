// The levers of the second future.

import {make, number} from "./making.js";

function words(lever, at) {
  if (lever.unit === "share") return `${number(100 * at)} %`;
  const sign = lever.shift && at > 0 ? "+" : "";
  return `${sign}${number(at)} ${lever.unit}`.replace("-", "−");
}

const plain = (name) => name.replaceAll("_", " ");

export class Levers {
  constructor(box, setting, moved) {
    Object.assign(this, {setting, moved, all: {}});
    box.append(...Object.entries(setting.levers).map(([name, lever]) => this.made(name, lever)));
  }

  made(name, lever) {
    const id = `lever-${name}`, told = make("p", {class: "small", id: `${id}-told`, text: lever.what});
    const shown = make("output", {for: id});
    const input = lever.group
      ? make("select", {id, "aria-describedby": told.id}, ...Object.keys(this.setting.choices[lever.group]).map((choice) => make("option", {value: choice, text: plain(choice)})))
      : make("input", {type: "range", id, min: lever.range[0], max: lever.range[1], step: lever.step, "aria-describedby": told.id});
    input.addEventListener("input", () => {
      this.tell(name);
      this.moved(name, this.position(name));
    });
    this.all[name] = {lever, input, shown, told, box: make("div", {class: "lever"}, make("label", {for: id, text: lever.label}), shown, input, told)};
    return this.all[name].box;
  }

  // What the input says, or nothing where it says what is so anyway.
  position(name) {
    const {lever, input, rest} = this.all[name];
    const at = lever.group ? input.value : Number(input.value);
    return at === rest ? null : at;
  }

  tell(name) {
    const {lever, input, shown, told, box, rest} = this.all[name];
    if (lever.group) told.textContent = `${lever.what} ${this.setting.choices[lever.group][input.value] ?? ""}`;
    else shown.textContent = words(lever, Number(input.value));
    const moved = this.position(name) !== null && rest !== null;
    box.classList.toggle("moved", moved);
    if (moved) shown.textContent = lever.group ? `at rest: ${plain(rest)}` : `${words(lever, Number(input.value))}, at rest ${words(lever, rest)}`;
    else if (rest === null) shown.textContent = "nothing to move";
    else if (lever.group) shown.textContent = "";
    if (!lever.group) input.setAttribute("aria-valuetext", shown.textContent);
  }

  // Put the levers where a future has them.
  set(rest, moved) {
    for (const [name, one] of Object.entries(this.all)) {
      one.rest = rest[name];
      one.input.disabled = one.rest === null;
      one.input.value = moved[name] ?? one.rest ?? one.lever.range?.[0] ?? "";
      this.tell(name);
    }
  }
}
