// The course of one run, unpacked into a number for each day and place.

function unpacked(told, days) {
  const width = told.first.length, made = new Int32Array(days * width);
  const row = Int32Array.from(told.first);
  let next = 0;
  for (let day = 0; day < days; day++) {
    for (; next < told.later.length && told.later[next][0] === day; next++) row[told.later[next][1]] = told.later[next][2];
    made.set(row, day * width);
  }
  return made;
}

// Sums over the days so far, a row more than there are days.
function added(sparse, days, width) {
  const made = new Int32Array((days + 1) * width);
  for (const [day, place, value] of sparse) made[(day + 1) * width + place] += value;
  for (let k = width; k < made.length; k++) made[k] += made[k - width];
  return made;
}

export class Course {
  constructor(told, zones, bases) {
    Object.assign(this, {start: told.start, days: told.days, zones, bases, deployed: told.deployed});
    this.attacks = added(told.attacks, told.days, zones);
    for (const name of ["control", "troops", "cells", "holders", "standings", "open_segments"]) this[name] = unpacked(told[name], told.days);
    this.segments = told.open_segments.first.length;
    this.attacked = Array.from({length: bases}, () => []);
    for (const [day, base] of told.attacked) this.attacked[base].push(day);
    this.happenings = told.happenings;
    this.firstOf = new Int32Array(told.days + 1);
    for (let day = 0, k = 0; day <= told.days; day++) {
      while (k < told.happenings.length && told.happenings[k].day < day) k++;
      this.firstOf[day] = k;
    }
  }

  // A number by which zones are shaded.
  value(shade, day, zone) {
    if (shade.days === 0) return this[shade.name][day * this.zones + zone] * shade.scale;
    return this.sum(Math.max(day + 1 - shade.days, 0), day + 1, zone);
  }

  // Attacks in a zone from a day up to, but without, another.
  sum(from, to, zone) {
    return this.attacks[to * this.zones + zone] - this.attacks[from * this.zones + zone];
  }

  on(day) {
    return this.happenings.slice(this.firstOf[day], this.firstOf[Math.min(day + 1, this.days)]);
  }

  // What is remarkable before a day, the latest first.
  before(day, most) {
    const found = [];
    for (let k = this.firstOf[day] - 1; k >= 0 && found.length < most; k--)
      if (this.happenings[k].kind !== "attacks") found.push(this.happenings[k]);
    return found;
  }
}
