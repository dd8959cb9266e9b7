// The fold of saved conversations: as new as the last answer while it is open, and not asked for while it is closed.

import { Entry } from "./kept/entry.js";
import { findSlots, make, setText } from "./live/dom.js";

const FIRST = 12;
const ALL = 1000;
const SAVING_MILLISECONDS = 700;
const OFFLINE = "The workbench cannot be reached.";

export function start(element, { server }) {
  new Kept(element, server);
}

class Kept {
  constructor(element, server) {
    this.element = element;
    this.server = server;
    this.slots = findSlots(element);
    this.count = FIRST;
    this.entries = new Map();
    this.slots.fold.addEventListener("toggle", () => this.list());
    this.slots.more.addEventListener("click", () => this.listAll());
    // What was said is written to the disk a moment later.
    document.addEventListener("workbench:talked", () => this.listSoon());
  }

  async call(name, arg) {
    return (await this.server[name](arg).catch(() => null)) ?? { problem: OFFLINE };
  }

  listSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.list(), SAVING_MILLISECONDS);
  }

  listAll() {
    this.count = ALL;
    this.list();
  }

  async list() {
    if (!this.slots.fold.open || !this.element.isConnected) return;
    const { talks, total, problem } = await this.call("list_talks", { count: this.count });
    if (problem) return this.say(problem);
    this.draw(talks, total);
  }

  // Entries stay, so that a name that is being written and a fold that is open stay too.
  draw(talks, total) {
    const known = this.entries;
    this.entries = new Map(talks.map((talk) => [talk.id, known.get(talk.id) ?? new Entry(this, talk.id)]));
    for (const talk of talks) this.entries.get(talk.id).draw(talk);
    this.slots.list.replaceChildren(...[...this.entries.values()].map(({ root }) => root));
    this.slots.empty.hidden = total > 0;
    this.slots.more.hidden = talks.length === total;
    setText(this.slots.more, "Show all " + total);
  }

  async rename(id, name) {
    const { problem } = await this.call("rename_talk", { id, name });
    if (problem) this.say(problem);
    this.list();
  }

  async delete(id, title) {
    const { problem } = await this.call("delete_talk", { id });
    if (problem) this.say(problem);
    else this.say("“" + title + "” is deleted. ", this.makeUndo(id));
    this.list();
  }

  makeUndo(id) {
    const button = make("button", { type: "button", class: "talk-link", id: "kept-undo" }, "Undo");
    button.addEventListener("click", async () => {
      const { problem } = await this.call("undelete_talk", { id });
      this.say(problem ?? "It is back.");
      this.list();
    });
    return button;
  }

  // A conversation whose run is gone can be read, in a page of its own.
  async open(id) {
    const { read_only, problem } = await this.call("look_into", { id });
    if (problem) return this.say(problem);
    if (!read_only) {
      this.say("");
      return this.element.dispatchEvent(new CustomEvent("workbench:open-talk", { detail: { id } }));
    }
    const link = make("a", { href: "/conversations/" + id + "/comparison.html?look=1", target: "_blank", class: "talk-link" }, "Read it");
    this.say(read_only + " ", link);
  }

  say(...words) {
    this.slots.note.hidden = !words.join("");
    this.slots.note.replaceChildren(...words);
  }
}
