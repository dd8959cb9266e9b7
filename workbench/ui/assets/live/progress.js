// The top of the view: what runs, how far it is, and the buttons that act on it. Also the title of the browser's tab.

import { make, setPairs, setText } from "./dom.js";
import * as format from "./format.js";
import { claimTitle, releaseTitle } from "./title.js";

const WORDS = {
  created: "not started",
  queued: "waiting for its turn",
  paused: "paused",
  interrupted: "interrupted",
};
const PHASES = ["preparing", "training", "saving"];
const ENDED = ["finished", "stopped", "failed", "interrupted"];
const MARKS = { done: "✓", now: "●", later: "○", broken: "✕" };
const SPOKEN = { done: "done", now: "now", later: "to come", broken: "ended here" };
const LEAST_SHOWN = 0.005;
const ASKED = {
  stop: "stopping, saving what it learned",
  pause: "pausing, saving its place",
  cancel: "cancelling",
};

export class Progress {
  constructor(slots, controls) {
    this.slots = slots;
    this.controls = controls;
    this.seenLive = null;
    this.spokenPhase = null;
    this.shownStates = "";
  }

  show(answer) {
    const { run, numbers } = answer;
    const live = PHASES.includes(answer.phase);
    setText(this.slots.name, run.name);
    setText(this.slots.about, aboutWords(run));
    setText(this.slots.phase, phaseWords(answer));
    setText(this.slots["progress-words"], progressWords(answer));
    this.slots.closable.hidden = !live;
    this.showBar(answer);
    this.controls.show(answer);
    this.showMessage(answer);
    this.announce(run.name, phaseWords(answer));
    setText(this.slots.loss, format.loss(numbers.loss));
    setText(this.slots["first-loss"], numbers.first_loss == null ? "" : "started at " + format.loss(numbers.first_loss));
    setPairs(this.slots.numbers, numberPairs(answer));
    this.showTitle(answer, live || answer.phase === "queued");
  }

  // A run that has ended is named only in a tab that has seen it live.
  showTitle({ run, phase, percent }, live) {
    if (live) this.seenLive = run.id;
    const words = phase === "training" ? Math.floor(percent) + " %" : WORDS[phase] || phase;
    if (this.seenLive === run.id) claimTitle(this, words + " · " + run.name, live);
    else releaseTitle(this);
  }

  // The view is gone from the page.
  leave() {
    releaseTitle(this);
  }

  showBar(answer) {
    const { bar, phases } = this.slots;
    const least = ["queued", "preparing"].includes(answer.phase) ? LEAST_SHOWN : 0;
    bar.firstElementChild.style.transform = "scaleX(" + Math.max(answer.percent / 100, least) + ")";
    bar.setAttribute("aria-valuenow", Math.round(answer.percent));
    bar.setAttribute("aria-valuetext", phaseWords(answer) + progressWords(answer));
    const states = phaseStates(answer);
    if (states.join() === this.shownStates) return;
    this.shownStates = states.join();
    phases.replaceChildren(
      ...PHASES.map((name, index) => {
        const state = states[index];
        const mark = make("span", { "aria-hidden": "true" }, MARKS[state]);
        return make("li", { class: "live-" + state }, name + " ", mark, make("span", { class: "sr" }, SPOKEN[state]));
      }),
    );
  }

  showMessage({ phase, message, hint }) {
    const { refused } = this.controls;
    const words = refused || [message, hint].filter(Boolean).join(" ");
    this.slots.message.hidden = !words;
    this.slots.message.classList.toggle("live-trouble", Boolean(refused) || ["failed", "interrupted"].includes(phase));
    setText(this.slots.message, words);
  }

  // Screen readers hear of a new phase, not of each step.
  announce(name, words) {
    if (this.spokenPhase !== words) setText(this.slots.announce, name + ": " + words);
    this.spokenPhase = words;
  }
}

function aboutWords({ method, model, data, parent, merged, origin }) {
  const ground = merged ? model + " and the merged adapter of " + merged : model;
  const words = method + " on " + ground + (origin === "trained" ? " · data: " + data : "");
  return parent ? words + " · trained further from " + parent : words;
}

function phaseWords({ run, phase, stopping }) {
  if (run.origin !== "trained") return run.origin;
  return ASKED[stopping] || WORDS[phase] || phase;
}

function progressWords({ phase, step, steps, percent, eta_seconds, elapsed_seconds }) {
  const words = [""];
  if (steps) words.push("step " + format.count(step) + " of " + format.count(steps), Math.floor(percent) + " %");
  if (eta_seconds != null) words.push(eta_seconds < 1 ? "nearly done" : "about " + format.duration(eta_seconds) + " left");
  if (ENDED.includes(phase) && elapsed_seconds) words.push("trained for " + format.duration(elapsed_seconds));
  return words.join(" · ");
}

function phaseStates({ phase, step }) {
  if (phase === "finished" || phase === "stopped") return PHASES.map(() => "done");
  const begun = step > 0 ? 1 : 0;
  const broken = phase === "failed" || phase === "interrupted";
  const now = broken ? begun : PHASES.indexOf(phase);
  return PHASES.map((_, index) => (index > now ? "later" : index < now ? "done" : broken ? "broken" : "now"));
}

function heldOut({ eval_loss, best_eval_loss, best_eval_step }) {
  const latest = format.loss(eval_loss);
  if (best_eval_loss == null || best_eval_loss === eval_loss) return latest;
  return latest + " (best " + format.loss(best_eval_loss) + " at " + best_eval_step + ")";
}

function numberPairs({ numbers, epoch, epochs, elapsed_seconds }) {
  return [
    ["held-out loss (evaluation)", heldOut(numbers)],
    ["learning rate", format.rate(numbers.learning_rate)],
    ["gradient norm", format.loss(numbers.grad_norm)],
    ["tokens per second", format.count(numbers.tokens_per_second)],
    ["passes (epochs)", epoch.toFixed(1) + (epochs ? " of " + epochs : "")],
    ["time training", format.duration(elapsed_seconds)],
  ];
}
