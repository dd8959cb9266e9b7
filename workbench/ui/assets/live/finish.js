// Bringing the end of a run nearer: the minutes that it may still take, and the update that it reaches in them.

import { setText } from "./dom.js";
import * as format from "./format.js";

const LEAST_SECONDS = 60;
const TOO_LATE = "It ends before that as it is.";
const SENT = "It will finish then.";

export class Finish {
  // `act` asks the run for something, and answers with the problem where it cannot.
  constructor(slots, act) {
    this.slots = slots;
    this.act = act;
    this.now = null;
    slots["finish-minutes"].addEventListener("input", () => this.tell());
    slots["finish-form"].addEventListener("submit", (event) => this.send(event));
    slots.finish.addEventListener("toggle", () => this.suggest());
  }

  show({ run, phase, stopping, step, steps, eta_seconds }) {
    if (this.now?.steps !== steps || this.now?.run !== run.id) this.said = "";
    this.now = { run: run.id, step, steps, eta_seconds };
    const possible = phase === "training" && !stopping && eta_seconds > LEAST_SECONDS;
    // Whoever is choosing is not interrupted.
    this.slots.finish.hidden = !possible && !(phase === "training" && this.slots.finish.open);
    this.tell();
  }

  suggest() {
    if (!this.slots.finish.open) return;
    this.slots["finish-minutes"].value = Math.max(1, Math.round(this.now.eta_seconds / 120));
    this.slots["finish-minutes"].focus();
    this.tell();
  }

  // At the pace of the last updates.
  step() {
    const { step, steps, eta_seconds } = this.now;
    const share = (60 * Number(this.slots["finish-minutes"].value)) / eta_seconds;
    return step + Math.max(1, Math.round(share * (steps - step)));
  }

  tell() {
    const [at, { steps, eta_seconds }] = [this.step(), this.now];
    const possible = eta_seconds > 0 && at < steps;
    this.slots["finish-yes"].disabled = !possible;
    const words = "At update " + format.count(at) + " of " + format.count(steps) + "; the learning rate falls to its end by then.";
    setText(this.slots["finish-words"], this.said || (possible ? words : TOO_LATE));
  }

  async send(event) {
    event.preventDefault();
    const { problem } = await this.act("finish", { at_step: this.step() });
    this.said = problem || SENT;
    this.tell();
  }
}
