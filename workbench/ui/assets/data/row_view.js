// One row as the model sees it: its tokens, those that are learned, and where it is cut off.

import { make } from "../live/dom.js";
import { button } from "./button.js";
import { editor } from "./editor.js";

const LEARNED = 1;
const LEFT_OUT = 2;
const BEGINS_ROW = 4;
const NARROW = "(max-width: 860px)";
const NONE = "Choose a row to see it as the model does.";

export class RowView {
  constructor(view) {
    this.view = view;
    this.box = view.slots.row;
    this.row = null;
    this.shown = "";
  }

  show(answer) {
    if (answer.state !== "ready") return;
    const state = JSON.stringify([answer.reference, answer.settings, answer.model, answer.report]);
    if (state === this.shown) return;
    const isSame = answer.set === this.set;
    this.shown = state;
    this.set = answer.set;
    if (isSame && this.row) return this.open(this.row.id);
    this.row = null;
    this.step(1);
  }

  isOpen(id) {
    return this.row?.id === id;
  }

  async open(id) {
    this.take(await this.view.call("open_row", { row: id }));
  }

  // On a narrow page the row stands above the list that it was chosen from.
  async openFromList(id) {
    await this.open(id);
    if (matchMedia(NARROW).matches) this.box.scrollIntoView({ block: "nearest" });
  }

  // Further in the list, or with 0 to any row of it.
  async step(step) {
    this.take(await this.view.call("step", { ...this.view.rowList.asked, row: this.row?.id ?? null, step }));
  }

  take(row) {
    if (!row) return;
    this.row = row.problem || row.id === undefined ? null : row;
    this.draw();
    this.view.rowList.mark();
  }

  draw() {
    if (!this.row) return this.box.replaceChildren(make("p", { class: "data-quiet" }, NONE));
    const { row } = this;
    const change = this.view.pending.of(row);
    this.box.replaceChildren(this.head(), ...this.remarks(change), ...(change?.excluded ? [] : this.contents(change)), this.actions(change));
  }

  head() {
    const { file, line, strips } = this.row;
    const total = strips?.reduce((sum, strip) => sum + strip.tokens, 0);
    const learned = strips?.reduce((sum, strip) => sum + strip.learned, 0);
    const counts = strips ? `${total.toLocaleString("en")} tokens, ${learned.toLocaleString("en")} learned` : "";
    const where = make("h3", {}, (file ? file + ", line " : "Line ") + line);
    const steps = make("span", { class: "data-steps" });
    steps.append(this.stepper("‹", "Row before", -1), this.stepper("›", "Next row", 1), this.stepper("Random", "Random row", 0));
    return make("header", {}, where, make("span", { class: "data-quiet" }, counts), steps);
  }

  stepper(words, name, step) {
    const node = button(words, async () => {
      await this.step(step);
      this.box.querySelector(`[aria-label="${name}"]`)?.focus();
    });
    node.setAttribute("aria-label", name);
    return node;
  }

  remarks(change) {
    const { kind, reason, excerpt, held_out: held, marks = [] } = this.row;
    const remarks = [];
    if (change) remarks.push(change.excluded ? "Will be left out." : "Changed. What you see below is new; its tokens are counted once it is saved.");
    if (kind === "excluded") remarks.push("You excluded this row. It is neither learned from nor checked with.");
    if (reason) remarks.push("Left out: " + reason + ".");
    if (held) remarks.push("Kept for checking: never learned from.");
    const others = marks.filter((mark) => mark !== "Kept for checking");
    if (others.length) remarks.push(others.join(" · "));
    const lines = remarks.map((words) => make("p", { class: kind === "rejected" ? "data-fault" : "data-note" }, words));
    if (excerpt && !change) lines.push(make("pre", { class: "data-excerpt" }, excerpt));
    return lines;
  }

  contents(change) {
    if (change) return plain(change.messages ?? [], change.text ?? "");
    const { strips, turns, text } = this.row;
    if (strips) return [legend(), ...strips.map((strip) => draw(strip))];
    return plain(turns, text);
  }

  actions(change) {
    const box = make("div", { class: "data-actions" });
    const { row } = this;
    if (!row.editable) return make("p", { class: "data-quiet" }, "This row belongs to another set that is mixed in; edit it there.");
    const put = (next) => this.change(next);
    if (change) box.append(button("Undo this change", () => put(null)));
    else if (row.kind === "excluded") box.append(button("Take it in again", () => put({})));
    if (!change?.excluded && row.kind !== "excluded") {
      box.append(button(row.kind === "rejected" ? "Mend" : "Edit", () => this.edit(change)));
      if (row.kind !== "rejected") box.append(button("Exclude", () => put({ excluded: true })));
    }
    return box;
  }

  edit(change) {
    const mapping = this.view.answer.files[0].mapping;
    const form = editor({ row: this.row, change, mapping }, (next) => this.change(next), () => this.draw());
    this.box.replaceChildren(this.head(), form);
    form.querySelector("textarea").focus();
  }

  change(change) {
    this.view.pending.put(this.row, change);
    this.draw();
    this.view.rowList.mark();
    this.box.querySelector(".data-actions button")?.focus();
  }
}

function draw({ pieces, tokens, left_out: leftOut, more, rows }) {
  const strip = make("div", { class: "data-strip", tabindex: "0", role: "group", "aria-label": "The row in tokens" });
  let state = 0;
  let number = 1;
  for (const [text, said, count] of pieces) {
    if (said & LEFT_OUT && !(state & LEFT_OUT)) strip.append(mark("cut off: " + leftOut.toLocaleString("en") + " tokens"));
    if (said & BEGINS_ROW) strip.append(mark("next row"));
    strip.append(token(text, said, number, count));
    state = said;
    number += count;
  }
  if (more) strip.append(mark("and " + more.toLocaleString("en") + " more tokens"));
  const words = rows > 1 ? [make("p", { class: "data-note" }, `This text of ${tokens.toLocaleString("en")} tokens is split into ${rows} rows.`)] : [];
  return make("div", {}, ...words, strip);
}

function token(text, said, number, count) {
  const kinds = [said & LEARNED && "learned", said & LEFT_OUT && "left-out"].filter(Boolean).join(" ");
  const title = count > 1 ? `tokens ${number} to ${number + count - 1}` : `token ${number}`;
  return make("span", { class: kinds, title: title + (said & LEARNED ? ", learned" : "") }, text);
}

function mark(words) {
  return make("b", { class: "data-cut" }, words);
}

function legend() {
  const learned = make("span", { class: "learned" }, "learned");
  return make("p", { class: "data-legend" }, learned, " ", make("span", {}, "only read"), " · point at it to see the tokens");
}

const ROLES = { system: "System", user: "Question", assistant: "Answer" };

function plain(turns, text) {
  if (text) return [make("p", { class: "data-turn" }, text)];
  return turns.map(([role, content]) => make("p", { class: "data-turn" }, make("b", {}, ROLES[role]), content));
}
