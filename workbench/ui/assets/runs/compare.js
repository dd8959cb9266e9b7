// The picked runs beside each other: their curves over one another, and a table of just what differs.

import { make, setText } from "../live/dom.js";
import * as format from "../live/format.js";
import { MOST, sample } from "./lines.js";
import { Overlay } from "./overlay.js";

const ONE_MORE = "Pick one more run to compare.";
const OFFLINE = "The workbench cannot be reached.";
const OUTCOME = [
  ["State", (run) => run.state],
  ["Loss at the end", (run) => format.loss(run.loss)],
  ["Best held-out loss", (run) => format.loss(run.best) + (run.best_step == null ? "" : " at step " + format.count(run.best_step))],
  ["Time", (run) => (run.seconds ? format.duration(run.seconds) : format.NONE)],
  ["On disk", (run) => format.bytes(run.bytes)],
];

export class Compare {
  constructor(list) {
    this.list = list;
    this.slots = list.slots;
    this.drawn = "";
    this.train = new Overlay(this.slots["train-chart"], this.slots["train-readout"], "curve");
    this.checks = new Overlay(this.slots["checks-chart"], this.slots["checks-readout"], "checks");
    this.slots["compare-clear"].addEventListener("click", () => list.pick([]));
  }

  // The list has changed, and so may the runs that are compared.
  show() {
    if (this.list.picked.length) this.ask();
  }

  async ask() {
    const { picked } = this.list;
    this.slots.compare.hidden = picked.length === 0;
    const answer = picked.length > 1 ? ((await this.list.call("compare_runs", picked)) ?? { problem: OFFLINE }) : null;
    if (picked === this.list.picked) this.take(answer);
  }

  take(answer) {
    const state = answer?.runs ? JSON.stringify(answer) : "";
    this.slots["compare-body"].hidden = !state;
    if (!state) this.say(answer ? answer.problem : ONE_MORE);
    if (state === this.drawn) return;
    this.drawn = state;
    if (!state) return;
    // What was deleted meanwhile is not picked any more.
    if (answer.runs.length < this.list.picked.length) this.list.pick(answer.runs.map(({ id }) => id));
    else this.draw(answer);
  }

  draw({ runs, settings }) {
    this.say(runs.length === MOST ? "6 runs, the most that can be told apart" : runs.length + " runs");
    this.slots.legend.replaceChildren(...runs.map((run, index) => make("li", {}, sample(index), run.name)));
    this.train.show(runs);
    this.checks.show(runs);
    const names = runs.map((run, index) => make("th", { scope: "col" }, sample(index), make("span", {}, run.name)));
    this.slots["compare-head"].replaceChildren(make("tr", {}, make("td"), ...names));
    const outcome = OUTCOME.map(([label, write]) => line(label, runs.map(write)));
    this.slots["compare-rows"].replaceChildren(...outcome, ...differences(settings, runs.length));
  }

  say(words) {
    setText(this.slots["compare-words"], words);
  }
}

function differences(settings, count) {
  const words = settings.length ? "Settings that differ" : "All settings are the same.";
  const head = make("tr", { class: "runs-group" }, make("th", { scope: "row", colspan: count + 1 }, words));
  const rows = settings.map(({ label, values }) => line(label, values.map(({ words, auto }) => words + (auto ? " (auto)" : ""))));
  return [head, ...rows];
}

function line(label, values) {
  return make("tr", {}, make("th", { scope: "row" }, label), ...values.map((value) => make("td", {}, value)));
}
