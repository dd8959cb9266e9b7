// One row a run. A row whose run has not changed stays as it is, so that nothing flickers and no focus is lost.

import { make } from "../live/dom.js";
import * as format from "../live/format.js";
import { placeButtons } from "./line.js";
import { MOST } from "./lines.js";
import { spark } from "./spark.js";

export class Rows {
  constructor(list) {
    this.list = list;
    this.body = list.slots.rows;
    this.drawn = new Map();
    this.body.addEventListener("click", (event) => this.onClick(event));
    this.body.addEventListener("change", (event) => this.onPick(event.target));
  }

  show({ runs }) {
    const focused = this.focused();
    this.runs = new Map(runs.map((run) => [run.id, run]));
    this.drawn = new Map(runs.map((run) => [run.id, this.kept(run)]));
    this.body.replaceChildren(...[...this.drawn.values()].map(({ row }) => row));
    this.mark();
    if (focused) focused();
  }

  kept(run) {
    const state = JSON.stringify(run);
    const old = this.drawn.get(run.id);
    return old?.state === state ? old : { state, row: drawRow(run) };
  }

  mark() {
    for (const [id, { row }] of this.drawn) {
      row.classList.toggle("chosen", id === this.list.chosen);
      row.querySelector("button").setAttribute("aria-pressed", String(id === this.list.chosen));
      const box = row.querySelector("input");
      box.checked = this.list.picked.includes(id);
      box.disabled = !box.checked && this.list.picked.length >= MOST;
    }
  }

  // How to give the focus back to what has it now, if that is in a row.
  focused() {
    const id = this.body.contains(document.activeElement) && document.activeElement.closest("[data-run]").dataset.run;
    const { tagName, dataset } = document.activeElement;
    const which = dataset.act ? `[data-act=${dataset.act}]` : tagName;
    return id && (() => this.drawn.get(id)?.row.querySelector(which)?.focus());
  }

  onClick(event) {
    const row = event.target.closest("[data-run]");
    if (row && !event.target.closest(".runs-pick, .runs-line")) this.list.choose(this.runs.get(row.dataset.run));
  }

  onPick(box) {
    const { run } = box.closest("[data-run]").dataset;
    const others = this.list.picked.filter((id) => id !== run);
    this.list.pick(box.checked ? [...others, run] : others);
  }
}

function drawRow(run) {
  const box = make("input", { type: "checkbox", "aria-label": "Compare " + run.name, title: "Compare" });
  const cells = [
    cell("pick", make("label", {}, box)),
    cell("name", make("button", { type: "button", "aria-pressed": "false" }, run.name), quiet(run.problem || run.note)),
    cell("state", make("span", { class: "phase " + run.phase }, run.state), quiet(progressOf(run)), placeButtons(run)),
    cell("made", run.method + " on " + run.model, quiet(run.data)),
    cell("spark", spark(run.spark, describe(run))),
    figure("End", format.loss(run.loss)),
    figure("Held-out", format.loss(run.best), run.best_step ? "step " + format.count(run.best_step) : ""),
    figure("Time", run.seconds ? format.duration(run.seconds) : format.NONE),
    figure("On disk", format.bytes(run.bytes)),
    cell("started", run.started),
  ];
  return make("tr", { "data-run": run.id }, ...cells);
}

function cell(kind, ...children) {
  return make("td", { class: "runs-" + kind }, ...children);
}

// On a telephone there is no head above the columns, so each figure has its name with it.
function figure(label, value, detail = "") {
  return make("td", { class: "runs-number" }, make("span", { class: "runs-label" }, label), value, quiet(detail));
}

function quiet(words) {
  return words ? make("small", {}, words) : "";
}

function progressOf({ phase, step, steps }) {
  if (!steps || phase === "finished" || (phase === "queued" && !step)) return "";
  return format.count(step) + " of " + format.count(steps);
}

function describe({ loss, spark: values }) {
  if (!values.length) return "";
  return "Loss from " + format.loss(values[0]) + " to " + format.loss(loss);
}
