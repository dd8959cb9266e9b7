// One export: where it lies, what is true of it, and what to do with it next.

import { make, setText, tell } from "../live/dom.js";
import { copyOnClick } from "../share/copying.js";
import { Push } from "./push.js";

export class Entry {
  constructor(list, told) {
    this.list = list;
    this.name = make("b", {});
    this.about = make("small");
    this.content = make("div", { class: "export-content" });
    this.fold = make("details", {}, make("summary", {}, this.name, " ", this.about), this.content);
    this.fold.addEventListener("toggle", () => this.fold.open && this.look());
    this.root = make("li", { "data-export": told.id }, this.fold);
  }

  draw(told) {
    this.told = told;
    setText(this.name, told.name);
    setText(this.about, [told.title, told.size, told.when].join(" · "));
  }

  lead() {
    this.root.scrollIntoView({ block: "nearest" });
    this.fold.querySelector("summary").focus({ preventScroll: true });
  }

  // Read once: what was exported does not change.
  async look() {
    if (this.content.children.length) return;
    const made = await this.list.part.call("export_open", { id: this.told.id });
    if (made.problem) return this.list.fail(made.problem);
    const push = new Push(this.list.part, this.told.id);
    this.content.replaceChildren(facts(made), ...steps(made), push.root, ...card(made), this.actions(made));
  }

  talkButton(file) {
    const button = make("button", { type: "button", class: "talk-button", title: "Talk to this file in Chat" }, "Talk to it");
    button.addEventListener("click", () => tell(this.root, "talk", { file }));
    return button;
  }

  actions({ url, size, talk }) {
    const download = make("a", { class: "talk-button talk-primary", href: url, download: "" }, "Download · " + size);
    const deletes = make("button", { type: "button", class: "talk-button", title: "Delete it from the workspace; this can be undone" }, "Delete");
    deletes.addEventListener("click", () => this.list.delete(this.told));
    return make("p", { class: "talk-buttons" }, download, ...(talk ? [this.talkButton(talk)] : []), deletes);
  }
}

function facts({ place, size, files, checked }) {
  const where = make("dd", {}, make("code", {}, place), copyButton("Copy the place", place));
  const lines = [["Lies in", where], ["Size", make("dd", {}, size)], ["Checked", make("dd", {}, checked)]];
  if (files) lines.splice(2, 0, ["Files", make("dd", {}, files)]);
  return make("dl", {}, ...lines.map(([term, value]) => make("div", {}, make("dt", {}, term), value)));
}

// As the card tells it, so that page and card cannot differ.
function steps({ steps: told }) {
  if (!told.length) return [];
  const parts = told.map(({ kind, text }) => (kind === "code" ? codeBox(text) : make("p", {}, text)));
  return [make("section", { class: "export-next", "aria-label": "What to do next" }, make("h4", {}, "What to do next"), ...parts)];
}

function codeBox(text) {
  return make("div", { class: "export-box" }, make("pre", { tabindex: "0" }, text), copyButton("Copy this", text));
}

// Text is text: what is in a card was partly written by others.
function card({ card: text }) {
  return text ? [make("details", { class: "talk-more" }, make("summary", {}, "Card (README.md)"), make("pre", { class: "export-card-text", tabindex: "0" }, text))] : [];
}

function copyButton(title, words) {
  const button = make("button", { type: "button", class: "talk-button talk-small", title }, "Copy");
  copyOnClick(button, () => words);
  return button;
}
