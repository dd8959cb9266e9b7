// One saved conversation: what it is called, and what can be done with it.

import { make, setText } from "../live/dom.js";
import { Takeaway } from "./takeaway.js";

export class Entry {
  constructor(kept, id) {
    this.kept = kept;
    this.id = id;
    this.title = button("kept-title", "", "Go on with this conversation", () => kept.open(id));
    this.name = make("input", { type: "text", maxlength: "80", "aria-label": "New name" });
    this.about = make("small");
    this.takeaway = new Takeaway(kept, id);
    this.takes = button("talk-button talk-small", "Save as", "Save as a file", () => this.toggle());
    this.takes.setAttribute("aria-expanded", "false");
    const renames = button("talk-button talk-small", "Rename", "Give it a name; without one it is called by its first question", () => this.write());
    this.readable = [this.takes, renames];
    const deletes = button("talk-button talk-small", "Delete", "Delete it; this can be undone", () => kept.delete(id, this.told.title));
    const actions = make("span", { class: "talk-buttons" }, ...this.readable, deletes);
    this.root = make("li", {}, make("span", { class: "kept-head" }, this.title, this.name, this.about), actions, this.takeaway.root);
    this.name.hidden = true;
    this.name.addEventListener("keydown", (event) => this.onKey(event));
    this.name.addEventListener("blur", () => this.finish(true));
  }

  draw(told) {
    this.told = told;
    const { title, run, questions, changed, problem } = told;
    setText(this.title, title);
    setText(this.about, problem ? "Not to be opened: " + problem + ". It is left as it is." : [run, plural(questions, "question"), changed].join(" · "));
    this.title.disabled = Boolean(problem);
    for (const action of this.readable) action.hidden = Boolean(problem);
  }

  toggle() {
    const isOpen = this.takeaway.root.hidden;
    this.takeaway.show(isOpen);
    this.takes.setAttribute("aria-expanded", String(isOpen));
  }

  write() {
    this.name.value = this.told.title;
    this.name.hidden = false;
    this.title.hidden = true;
    this.name.select();
  }

  onKey(event) {
    if (event.key === "Enter") this.finish(true);
    if (event.key === "Escape") this.finish(false);
  }

  finish(isWanted) {
    if (this.name.hidden) return;
    this.name.hidden = true;
    this.title.hidden = false;
    if (isWanted && this.name.value !== this.told.title) this.kept.rename(this.id, this.name.value);
  }
}

function button(kind, label, title, act) {
  const node = make("button", { type: "button", class: kind, title }, label);
  node.addEventListener("click", act);
  return node;
}

function plural(count, word) {
  return count + " " + word + (count === 1 ? "" : "s");
}
