// The live view of a run: asks for what is new, one question at a time, and hands the answer to the parts of the view.

import { findSlots, setText } from "./live/dom.js";
import { Again } from "./live/again.js";
import { Answers } from "./live/answers.js";
import { Charts } from "./live/charts.js";
import { Controls } from "./live/controls.js";
import { Details } from "./live/details.js";
import { Finish } from "./live/finish.js";
import { Machine } from "./live/machine.js";
import { Progress } from "./live/progress.js";
import { Result } from "./live/result.js";
import { Series } from "./live/series.js";

const HIDDEN_SECONDS = 5;
const RETRY_SECONDS = 2;
const PATIENCE_SECONDS = 15;
const EMPTY = "No run yet. Choose a model and your data in the Train tab, then press Start training; you can watch it here.";
const READING = "Reading the curves of this long run: ";
const OFFLINE = "Connection lost; trying again.";
const OFFLINE_LIVE = "Connection lost. Training continues; trying again.";
const NOT_SENT = "The workbench could not be reached, so nothing was done. Try again.";
const LIVE = ["preparing", "training", "saving"];

export function start(element, { server, props, watch, url }) {
  const live = new Live(element.querySelector(".live"), { server, url, chosenRun: () => props.value || "" });
  watch("value", () => live.switchRun());
  document.addEventListener("visibilitychange", () => live.wake());
  new IntersectionObserver(() => live.wake()).observe(live.root);
  live.ask();
}

class Live {
  constructor(root, { server, url, chosenRun }) {
    this.root = root;
    this.url = url;
    this.chosenRun = chosenRun;
    this.slots = findSlots(root);
    this.series = new Series();
    this.busy = false;
    this.timer = 0;
    this.runId = "";
    // Where the server cannot be reached, gradio answers with nothing instead of failing.
    const act = async (action, more = {}) =>
      (await server.control_run({ run: this.runId, action, ...more }).catch(() => null)) ?? { problem: NOT_SENT };
    this.progress = new Progress(this.slots, new Controls(this.slots, act));
    const result = new Result(this.slots, server.advise);
    const again = new Again(this.slots, server.lighten);
    this.parts = [this.progress, new Finish(this.slots, act), again, result, ...[Charts, Answers, Machine, Details].map((Part) => new Part(this.slots))];
    this.forget();
  }

  // Everything on show belongs to one run; another run begins with nothing.
  forget() {
    this.have = { generation: "", cursor: 0, checks: 0, samples: -1, log_bytes: -1, seen: "" };
    this.kept = {};
    this.series.clear();
  }

  switchRun() {
    this.forget();
    this.wake();
  }

  wake() {
    if (this.isSeen() && !this.busy) this.ask();
  }

  isSeen() {
    return !document.hidden && this.root.offsetParent !== null;
  }

  async ask() {
    clearTimeout(this.timer);
    if (!this.root.isConnected) return this.progress.leave();
    this.busy = true;
    const asked = this.chosenRun();
    const answer = await this.fetch(asked);
    this.busy = false;
    const stale = asked !== this.chosenRun();
    this.timer = setTimeout(() => this.ask(), stale ? 0 : 1000 * this.waitAfter(answer));
    if (!stale) this.take(answer);
  }

  // Null if none came.
  async fetch(run) {
    try {
      const question = this.url + "?" + new URLSearchParams({ run, ...this.have });
      const answer = await fetch(question, { signal: AbortSignal.timeout(1000 * PATIENCE_SECONDS) });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  waitAfter(answer) {
    const seconds = answer ? answer.poll_seconds : RETRY_SECONDS;
    return this.isSeen() ? seconds : Math.max(HIDDEN_SECONDS, seconds);
  }

  take(answer) {
    this.root.classList.toggle("live-offline", !answer);
    if (!answer) return this.showOffline();
    // What changes rarely comes only when it has changed.
    this.kept = answer.kept ?? this.kept;
    if (this.kept.run && !answer.problem) this.show({ ...this.kept, ...answer });
    else this.showEmpty(answer.problem || EMPTY);
  }

  show(answer) {
    this.root.dataset.state = answer.run.origin === "trained" ? answer.phase : answer.run.origin;
    this.slots.body.hidden = false;
    this.slots.notice.hidden = answer.reading == null;
    if (answer.reading != null) setText(this.slots.notice, READING + answer.reading + " %");
    this.runId = answer.run.id;
    this.series.take(answer);
    this.have = {
      generation: this.series.isCrowded() ? "" : answer.generation,
      cursor: answer.cursor,
      checks: answer.checks,
      seen: answer.seen,
      samples: answer.sample_count ?? this.have.samples,
      log_bytes: answer.log_bytes ?? this.have.log_bytes,
    };
    for (const part of this.parts) part.show(answer, this.series);
  }

  showEmpty(words) {
    this.forget();
    this.root.dataset.state = "empty";
    this.slots.body.hidden = true;
    this.showNotice(words);
  }

  showOffline() {
    this.showNotice(LIVE.includes(this.root.dataset.state) ? OFFLINE_LIVE : OFFLINE);
  }

  showNotice(words) {
    setText(this.slots.notice, words);
    this.slots.notice.hidden = false;
  }
}
