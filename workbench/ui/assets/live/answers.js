// The watched answers: each question with what the model said at the start, in between, and now.

import { make, setText } from "./dom.js";

const NONE = "No questions are watched in this run.";
const SOON = "The first answers come before training begins.";

export class Answers {
  constructor(slots) {
    this.box = slots.answers;
    this.open = new Set();
    this.note = make("p", { class: "live-quiet" });
  }

  // Samples come only when there are new ones, the phase each time.
  show({ samples, phase, step }) {
    setText(this.note, isBefore(phase, step) ? SOON : NONE);
    if (samples === undefined) return;
    this.box.replaceChildren(...(samples.length ? samples.map((sample) => this.question(sample)) : [this.note]));
  }

  question({ prompt, expected, answers }) {
    const between = answers.slice(1, -1);
    const list = make("ol", {}, line(answers[0]));
    if (between.length) list.append(this.fold(prompt, between));
    if (answers.length > 1) list.append(line(answers.at(-1), "live-latest"));
    const wanted = make("p", { class: "live-quiet" }, "your example: ", make("q", {}, expected));
    return make("article", {}, make("h4", {}, prompt), list, wanted);
  }

  fold(prompt, answers) {
    const words = answers.length === 1 ? "1 answer in between" : answers.length + " answers in between";
    const fold = make("details", {}, make("summary", {}, words), make("ol", {}, ...answers.map((answer) => line(answer))));
    fold.open = this.open.has(prompt);
    fold.addEventListener("toggle", () => (fold.open ? this.open.add(prompt) : this.open.delete(prompt)));
    return make("li", { class: "live-between" }, fold);
  }
}

function isBefore(phase, step) {
  return ["created", "queued", "preparing"].includes(phase) || (phase === "training" && step === 0);
}

function line({ step, answer }, kind = "") {
  const number = make("span", { class: "live-step" }, make("span", { class: "sr" }, "step "), String(step));
  return make("li", { class: kind }, number, make("span", { class: "live-answer" }, answer || "(no answer)"));
}
