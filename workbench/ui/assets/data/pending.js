// Changes of single rows that are collected here until they are saved together as a new version.

import { setText } from "../live/dom.js";

export class Pending {
  constructor(view) {
    this.view = view;
    this.slots = view.slots;
    this.changes = new Map();
    this.slots.save.addEventListener("click", () => this.save());
    this.slots.discard.addEventListener("click", () => this.discard());
    addEventListener("beforeunload", (event) => this.isEmpty() || event.preventDefault());
  }

  isEmpty() {
    return this.changes.size === 0;
  }

  of({ part, line }) {
    return this.changes.get(part + ":" + line);
  }

  // No change takes an earlier one back.
  put({ part, line }, change) {
    if (change) this.changes.set(part + ":" + line, { part, line, ...change });
    else this.changes.delete(part + ":" + line);
    this.show();
  }

  clear() {
    this.changes.clear();
    this.show();
  }

  show() {
    const count = this.changes.size;
    this.slots.pending.hidden = count === 0;
    setText(this.slots["pending-words"], count === 1 ? "1 change is not saved." : count + " changes are not saved.");
  }

  discard() {
    this.clear();
    this.view.rowView.draw();
    this.view.rowList.mark();
  }

  async save() {
    const { view } = this;
    const done = await view.call("save_rows", { changes: [...this.changes.values()] });
    if (!done) return view.note("The workbench cannot be reached. Nothing is lost: try again.");
    if (done.problem) return view.note(done.problem.message + " " + done.problem.hint);
    view.note("Saved as version " + done.version + " of “" + done.set + "”.");
    this.changes.clear();
    const changed = { "data.path": done.set };
    view.tell("put-settings", view.isUsed() ? changed : {});
    view.look({ ...view.settings, ...changed });
  }
}
