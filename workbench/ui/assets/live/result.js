// What came of a run: a word for it, the error before and after, and three answers side by side.

import { Advice } from "./advice.js";
import { make, tell } from "./dom.js";
import * as format from "./format.js";
import { rankFold } from "./ranks.js";

export class Result {
  // `ask` gives the advice on the run with an id.
  constructor(slots, ask) {
    this.box = slots.result;
    this.ask = ask;
    this.shown = "";
  }

  show({ run, result }) {
    this.box.hidden = !result;
    const state = JSON.stringify([run.id, result]);
    if (state === this.shown) return;
    this.shown = state;
    this.box.replaceChildren(...(result ? this.card(run, result) : []));
  }

  card(run, result) {
    const advice = new Advice(run.id, this.ask);
    return [verdict(result), ...comparison(result), facts(result), ...rankFold(result.ranks), this.actions(run, result), advice.fold];
  }

  actions(run, { kept, extends: extendable }) {
    const chat = make("button", { type: "button", class: "live-button live-first" }, "Compare in Chat");
    chat.addEventListener("click", () => tell(this.box, "open-chat", { run: run.id }));
    const further = make("button", { type: "button", class: "live-button" }, "Train further");
    further.addEventListener("click", () => tell(this.box, "train-further", { run: run.id }));
    const home = make("button", { type: "button", class: "live-button" }, "Take home");
    home.addEventListener("click", () => tell(this.box, "take-home", { run: run.id }));
    const download = make("a", { class: "live-button", href: "/runs/" + run.id + "/adapter.zip", download: "" }, "Download " + kept);
    return make("p", { class: "live-result-actions" }, chat, ...(extendable ? [further] : []), home, download);
  }
}

function verdict({ word, sentence, before, after }) {
  const head = make("div", { class: "live-verdict" }, make("h3", {}, capital(word)));
  if (before != null) {
    const words = make("span", { class: "live-label" }, "error on held-out examples (loss)");
    const numbers = make("b", {}, format.loss(before) + " → " + format.loss(after));
    head.append(make("p", {}, words, " ", numbers));
  }
  head.append(make("p", { class: "live-sentence" }, sentence));
  return head;
}

function comparison({ answers }) {
  if (!answers.length) return [];
  const rows = answers.map(({ prompt, expected, before, after }) =>
    make("tr", {}, make("th", { scope: "row" }, prompt), cell("Before", before), cell("After", after), cell("Your example", expected || "none: a prompt of your own")),
  );
  const head = ["Question", "Before", "After", "Your example"].map((words) => make("th", { scope: "col" }, words));
  return [make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows))];
}

function cell(column, words) {
  return make("td", { "data-column": column }, words || "(no answer)");
}

function facts({ best, best_step, after, seconds, tokens, kept, kept_bytes, kept_rank }) {
  const words = [
    "trained for " + format.duration(seconds),
    format.count(tokens) + " tokens",
    kept + (kept_rank ? " saved as LoRA of rank " + kept_rank + ", " : " ") + format.bytes(kept_bytes),
  ];
  if (best != null && best !== after) words.push("lowest held-out loss " + format.loss(best) + " at step " + best_step);
  return make("p", { class: "live-quiet" }, words.join(" · "));
}

function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}
