// The adapters of a blend, a row each: which run, and how much of it.

import { make } from "../live/dom.js";

const FIRST_WEIGHT = 0.5;
const STEP = 0.05;

export class Shares {
  constructor(blend) {
    this.blend = blend;
    this.place = blend.slots.shares;
    this.add = blend.slots.add;
    this.rows = [];
    this.add.addEventListener("click", () => this.addNext());
  }

  // What was chosen stays, as far as it is still there.
  draw(runs, pair, limits) {
    this.runs = runs;
    this.limits = limits;
    const kept = this.rows.filter((row) => runs.some(({ id }) => id === row.chosen.value));
    this.rows = kept.length >= 2 ? kept : pair.map(({ id }) => this.makeRow(id));
    for (const row of this.rows) this.fill(row.chosen);
    this.show();
  }

  chosen() {
    return this.rows.map(({ chosen, number }) => ({ run: chosen.value, weight: Number(number.value) }));
  }

  // Of the same model, if there is one that is not chosen yet.
  addNext() {
    const taken = this.rows.map(({ chosen }) => chosen.value);
    const free = this.runs.filter(({ id }) => !taken.includes(id));
    const { model } = this.runs.find(({ id }) => id === taken[0]);
    const next = free.find((run) => run.model === model) ?? free[0];
    this.rows.push(this.makeRow(next.id));
    this.changed();
    this.rows.at(-1).chosen.focus();
  }

  remove(row) {
    this.rows = this.rows.filter((other) => other !== row);
    this.changed();
    this.add.focus();
  }

  changed() {
    this.show();
    this.blend.change();
  }

  show() {
    const nodes = this.rows.map(({ root }) => root);
    // A row that stays where it is keeps the focus in it.
    if (nodes.some((node, index) => this.place.children[index] !== node) || this.place.children.length !== nodes.length) this.place.replaceChildren(...nodes);
    for (const { remove } of this.rows) remove.disabled = this.rows.length <= 2;
    this.add.disabled = this.rows.length >= Math.min(this.limits.most, this.runs.length);
    this.add.title = this.rows.length >= this.limits.most ? `${this.limits.most} are the most.` : "";
  }

  makeRow(run) {
    const [min, max] = this.limits.weights;
    const span = { min, max, step: STEP };
    const chosen = make("select", { "aria-label": "Adapter" });
    const slider = make("input", { type: "range", list: "blend-ticks", ...span, value: FIRST_WEIGHT, "aria-label": "Weight" });
    const number = make("input", { type: "number", ...span, value: FIRST_WEIGHT, "aria-label": "Weight as a number" });
    const remove = make("button", { type: "button", class: "talk-remove", "aria-label": "Leave it out", title: "Leave it out" }, "×");
    const row = { root: make("li", {}, chosen, slider, number, remove), chosen, number, remove };
    this.fill(chosen);
    chosen.value = run;
    chosen.addEventListener("change", () => this.blend.change());
    follow(slider, number, () => this.blend.change());
    follow(number, slider, () => this.blend.change());
    remove.addEventListener("click", () => this.remove(row));
    return row;
  }

  // Grouped by model, since only those of one go together.
  fill(select) {
    const { value } = select;
    const groups = Map.groupBy(this.runs, ({ model }) => model);
    const options = [...groups].map(([model, runs]) => make("optgroup", { label: model }, ...runs.map((run) => this.option(run))));
    select.replaceChildren(...options);
    select.value = value;
  }

  // Two of one name are told apart by their ids.
  option({ id, name, words }) {
    const isShared = this.runs.some((other) => other.name === name && other.id !== id);
    return make("option", { value: id }, `${isShared ? `${name} (${id})` : name} · ${words}`);
  }
}

function follow(leader, follower, changed) {
  leader.addEventListener("input", () => {
    follower.value = leader.value;
    changed();
  });
}
