// The line above the list of runs: how much room the workspace takes, and below it, when opened, what can go.

import { findSlots, make, setText } from "../live/dom.js";
import * as format from "../live/format.js";

const POLL_MILLISECONDS = 30000;
const OFFLINE = "The workbench cannot be reached.";
const KINDS = {
  checkpoints: { words: ({ name, run }) => "Checkpoints of " + name + (name === run ? "" : " (" + run + ")"), after: "Goes to the trash for a week. The adapter stays." },
  trash: { words: ({ count }) => plural(count, "deletion") + " in the trash", after: "Deleted for good." },
  cache: { words: ({ count }) => "Data kept ready for training (" + plural(count, "result") + ")", after: "Deleted for good, and made again when it is needed." },
};

export function start(element, bridge) {
  new Room(element, bridge).measure();
}

class Room {
  constructor(element, { server }) {
    this.element = element;
    this.server = server;
    this.root = element.querySelector(".runs-room");
    this.slots = findSlots(this.root);
    this.slots.open.addEventListener("click", () => this.toggle());
    this.slots.go.addEventListener("click", () => this.clean());
    this.slots.rows.addEventListener("change", () => this.count());
    this.slots.all.addEventListener("change", () => this.tickAll(this.slots.all.checked));
  }

  async call(name, arg = null) {
    return (await this.server[name](arg).catch(() => null)) ?? { problem: OFFLINE };
  }

  async measure() {
    clearTimeout(this.timer);
    if (!this.root.isConnected) return;
    if (!document.hidden && this.root.offsetParent) {
      const size = await this.call("room_size");
      if (!size.problem) this.tell(size);
    }
    this.timer = setTimeout(() => this.measure(), POLL_MILLISECONDS);
  }

  tell({ bytes, free_bytes }) {
    setText(this.slots.size, "This workspace takes " + format.bytes(bytes) + ", " + format.bytes(free_bytes) + " are free");
  }

  toggle() {
    const isOpen = this.slots.panel.hidden;
    this.slots.panel.hidden = !isOpen;
    this.slots.open.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.list();
  }

  async list() {
    const { removable, problem } = await this.call("removable");
    if (problem) this.say(problem);
    else this.draw(removable);
  }

  draw(removable) {
    const most = Math.max(1, ...removable.map(({ bytes }) => bytes));
    this.removable = new Map(removable.map((one) => [one.key, one]));
    this.slots.table.hidden = removable.length === 0;
    this.slots.nothing.hidden = removable.length > 0;
    this.slots.rows.replaceChildren(...removable.map((one) => row(one, most)));
    this.count();
  }

  tickAll(checked) {
    for (const box of this.slots.rows.querySelectorAll("input")) box.checked = checked;
    this.count();
  }

  ticked() {
    return [...this.slots.rows.querySelectorAll("input:checked")].map(({ value }) => this.removable.get(value));
  }

  count() {
    const ticked = this.ticked();
    const lost = ticked.some(({ undoable }) => !undoable);
    this.slots.all.checked = ticked.length === this.removable.size;
    this.slots.go.hidden = this.removable.size === 0;
    this.slots.go.disabled = ticked.length === 0;
    setText(this.slots.go, ticked.length ? "Clean up " + format.bytes(sum(ticked)) : "Tick what can go");
    setText(this.slots.warning, lost ? "Not all of it can be taken back." : "");
  }

  async clean() {
    const keys = this.ticked().map(({ key }) => key);
    this.slots.go.disabled = true;
    setText(this.slots.go, "Cleaning up …");
    const done = await this.call("clean_up", keys);
    this.tellDone(done);
    this.changed();
  }

  tellDone(done) {
    if (done.problem) return this.say(done.problem);
    const words = [];
    if (!done.freed_bytes && !done.runs.length) words.push("Nothing of it was left. ");
    if (done.freed_bytes) words.push(format.bytes(done.freed_bytes) + " are free again. ");
    if (done.runs.length) words.push(format.bytes(done.moved_bytes) + " of checkpoints are in the trash. ", this.undo(done.runs));
    this.say(...words);
  }

  undo(runs) {
    const button = make("button", { type: "button", class: "runs-button" }, "Undo");
    button.addEventListener("click", async () => {
      const { problem } = await this.call("bring_back", runs);
      this.say(problem ?? "The checkpoints are back.");
      this.changed();
    });
    return button;
  }

  say(...words) {
    this.slots.note.hidden = false;
    this.slots.note.replaceChildren(...words);
  }

  changed() {
    this.element.dispatchEvent(new CustomEvent("workbench:cleaned"));
    this.list();
    this.measure();
  }
}

// Only what can be taken back is ticked beforehand.
function row(one, most) {
  const { words, after } = KINDS[one.kind];
  const box = make("input", { type: "checkbox", value: one.key, "aria-label": words(one) });
  box.checked = one.undoable;
  const filled = make("i", { style: "width: " + (100 * one.bytes) / most + "%" });
  const bar = make("span", { class: "runs-room-bar", "aria-hidden": "true" }, filled);
  return make(
    "tr",
    {},
    make("td", {}, make("label", {}, box)),
    make("td", {}, words(one), make("small", {}, after)),
    make("td", {}, bar),
    make("td", { class: "runs-number" }, format.bytes(one.bytes)),
  );
}

function sum(removable) {
  return removable.reduce((total, { bytes }) => total + bytes, 0);
}

function plural(count, word) {
  return format.count(count) + " " + word + (count === 1 ? "" : "s");
}
