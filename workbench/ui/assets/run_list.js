// The list of runs: asks for what is in view, draws it, and says which run was chosen.

import { findSlots } from "./live/dom.js";
import { Compare } from "./runs/compare.js";
import { Deletion } from "./runs/deletion.js";
import { Head } from "./runs/head.js";
import { Line } from "./runs/line.js";
import { Note } from "./runs/note.js";
import { Rows } from "./runs/rows.js";

const POLL_MILLISECONDS = 2000;
const PAGE = 15;

export function start(element, bridge) {
  const list = new RunList(element, bridge);
  const deletion = new Deletion(list);
  bridge.watch("value", () => deletion.tell(bridge.props.value));
  list.ask();
}

class RunList {
  constructor(element, { server }) {
    this.element = element;
    this.server = server;
    this.root = element.querySelector(".runs");
    this.slots = findSlots(this.root);
    this.question = { words: "", sort: "newest", count: PAGE };
    this.seen = "";
    this.asked = 0;
    this.chosen = "";
    this.picked = [];
    this.note = new Note(this);
    this.rows = new Rows(this);
    this.line = new Line(this);
    this.compare = new Compare(this);
    this.parts = [new Head(this), this.rows, this.compare];
    this.slots.more.addEventListener("click", () => this.look({ count: this.question.count + PAGE }));
  }

  look(changed) {
    this.question = { ...this.question, ...changed };
    return this.ask();
  }

  // Another question meanwhile makes this answer stale.
  async ask() {
    clearTimeout(this.timer);
    const number = ++this.asked;
    const answer = this.isSeen() ? await this.call("list_runs", { ...this.question, seen: this.seen }) : null;
    if (!this.root.isConnected || number !== this.asked) return;
    this.timer = setTimeout(() => this.ask(), POLL_MILLISECONDS);
    if (answer && !answer.problem && !answer.same) this.take(answer);
  }

  isSeen() {
    return !document.hidden && this.root.offsetParent !== null;
  }

  // What the server answers; null if it cannot be reached.
  async call(name, arg) {
    return await this.server[name](arg).catch(() => null);
  }

  take(answer) {
    this.seen = answer.state;
    this.root.dataset.state = answer.total ? "listed" : "empty";
    for (const part of this.parts) part.show(answer);
    this.slots.more.hidden = answer.runs.length >= answer.found;
    this.followChosen(answer.runs);
  }

  choose(run) {
    this.chosen = run.id;
    this.phase = run.phase;
    this.rows.mark();
    this.element.dispatchEvent(new CustomEvent("workbench:select-run", { detail: { run: run.id } }));
  }

  // The runs to be compared, in the order in which they were picked.
  pick(ids) {
    this.picked = ids;
    this.rows.mark();
    this.compare.ask();
  }

  // When the chosen run enters another phase, other things can be done with it.
  followChosen(runs) {
    const run = runs.find(({ id }) => id === this.chosen);
    if (run && run.phase !== this.phase) this.choose(run);
  }
}
