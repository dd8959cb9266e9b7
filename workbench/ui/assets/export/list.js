// What was exported and lies in the workspace, the newest first. Each can be looked into, and deleted.

import { make } from "../live/dom.js";
import { Entry } from "./entry.js";

export class List {
  constructor(part) {
    this.part = part;
    this.slots = part.slots;
    this.entries = new Map();
  }

  // Entries stay, so that what is open stays open.
  draw(made) {
    const known = this.entries;
    this.entries = new Map(made.map((told) => [told.id, known.get(told.id) ?? new Entry(this, told)]));
    for (const told of made) this.entries.get(told.id).draw(told);
    this.slots.list.replaceChildren(...[...this.entries.values()].map(({ root }) => root));
    this.settle();
  }

  settle() {
    this.slots.made.hidden = !this.entries.size && this.slots.note.hidden;
  }

  // Alone open, and in view unless somebody is writing.
  open(id) {
    this.say("");
    for (const [other, entry] of this.entries) entry.fold.open = other === id;
    if (!document.activeElement?.matches("input[type=text], textarea")) this.entries.get(id)?.lead();
  }

  async delete({ id, name }) {
    const here = await this.part.call("export_delete", { id });
    if (here.problem) return this.fail(here.problem);
    this.say("“" + name + "” is deleted. ", this.undo({ id, name }));
    this.draw(here.made);
    this.part.plan();
  }

  undo({ id, name }) {
    const button = make("button", { type: "button", class: "talk-link", id: "export-undo" }, "Undo");
    button.addEventListener("click", async () => {
      const here = await this.part.call("export_undelete", { id });
      if (here.problem) return this.fail(here.problem);
      this.say("“" + name + "” is back.");
      this.draw(here.made);
      this.part.plan();
    });
    return button;
  }

  fail({ message, hint }) {
    this.say(message + " " + hint);
  }

  say(...words) {
    this.slots.note.hidden = !words.join("");
    this.slots.note.replaceChildren(...words);
    this.settle();
  }
}
