// The files that a conversation can be saved as. They are made when they are asked for.

import { make } from "../live/dom.js";

const COMPARISONS = { "comparison.html": "Web page (HTML)", "comparison.md": "Markdown", "comparison.csv": "Table (CSV)" };
const BETTER = "";

export class Takeaway {
  constructor(kept, id) {
    this.kept = kept;
    this.id = id;
    this.files = make("span", { class: "talk-buttons" }, ...Object.entries(COMPARISONS).map(([file, label]) => this.link(file, label)));
    this.whose = make("select");
    this.examples = this.link("examples.jsonl", "Examples (JSONL)");
    this.whose.addEventListener("change", () => this.aim());
    const lesson = make("label", {}, make("span", {}, "To learn from, the answers of"), this.whose);
    this.lesson = make("span", { class: "talk-buttons" }, lesson, this.examples);
    this.root = make("div", { class: "kept-takeaway" }, make("span", {}, "To show to others"), this.files, this.lesson);
    this.root.hidden = true;
  }

  // Who has answered, and whether anything was voted for, is as it is now.
  async show(isOpen) {
    if (!isOpen) return (this.root.hidden = true);
    const { answers, has_vote, problem } = await this.kept.call("look_into", { id: this.id });
    if (problem) return this.kept.say(problem);
    const better = has_vote ? [make("option", { value: BETTER }, "the better one, as voted")] : [];
    this.whose.replaceChildren(...better, ...answers.map(({ name, label }) => make("option", { value: name }, label)));
    if (!has_vote) this.whose.value = answers.at(-1).name;
    this.aim();
    this.root.hidden = false;
  }

  aim() {
    this.examples.href = this.address("examples.jsonl") + "?answers=" + encodeURIComponent(this.whose.value);
  }

  link(file, label) {
    return make("a", { class: "talk-button talk-small", href: this.address(file), download: "" }, label);
  }

  address(file) {
    return "/conversations/" + this.id + "/" + file;
  }
}
