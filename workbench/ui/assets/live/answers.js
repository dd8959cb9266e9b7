// The watched answers: each prompt with what the model said at the start, in between, and now.

import { marked } from "./changes.js";
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
    const said = withoutRepeats(answers);
    const [first, latest] = [said[0], said.at(-1)];
    const list = make("ol", {}, line(first.step, first.answer));
    if (said.length > 2) list.append(this.fold(prompt, said));
    if (said.length > 1) list.append(line(latest.last, latest.answer, first.answer, "live-latest"));
    const notes = [];
    if (latest.last > latest.step) notes.push(quiet(said.length > 1 ? "since step " + latest.step : "the same up to step " + latest.last));
    if (expected) notes.push(quiet("your example: ", make("q", {}, expected)));
    return make("article", {}, make("h4", {}, prompt), list, ...notes);
  }

  // What was said between the first and the latest answer, each beside the one before.
  fold(prompt, said) {
    const between = said.slice(1, -1);
    const words = between.length === 1 ? "1 other answer in between" : between.length + " other answers in between";
    const lines = between.map(({ step, answer }, index) => line(step, answer, said[index].answer));
    const fold = make("details", {}, make("summary", {}, words), make("ol", {}, ...lines));
    fold.open = this.open.has(prompt);
    fold.addEventListener("toggle", () => (fold.open ? this.open.add(prompt) : this.open.delete(prompt)));
    return make("li", { class: "live-between" }, fold);
  }
}

function isBefore(phase, step) {
  return ["created", "queued", "preparing"].includes(phase) || (phase === "training" && step === 0);
}

// Answers that stayed the same are one, from their first step to their `last`.
function withoutRepeats(answers) {
  const said = [];
  for (const { step, answer } of answers) {
    if (said.at(-1)?.answer === answer) said.at(-1).last = step;
    else said.push({ step, last: step, answer });
  }
  return said;
}

// Beside an earlier answer, changed words are marked.
function line(step, answer, earlier = "", kind = "") {
  const number = make("span", { class: "live-step" }, make("span", { class: "sr" }, "step "), String(step));
  const words = answer ? marked(earlier, answer) : ["(no answer)"];
  return make("li", { class: kind }, number, make("span", { class: "live-answer" }, ...words));
}

function quiet(...words) {
  return make("p", { class: "live-quiet" }, ...words);
}
