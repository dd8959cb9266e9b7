// A page of the rows that a filter and the words searched for leave; a row is opened by mouse or keyboard.

import { make, setText } from "../live/dom.js";

const TYPING_MILLISECONDS = 250;
const MARKS = { rejected: "left out", held_out: "for checking", cut: "cut", excluded: "excluded" };

export class RowList {
  constructor(view) {
    this.view = view;
    this.slots = view.slots;
    this.filter = "";
    this.words = "";
    this.page = 0;
    this.listed = "";
    this.slots["page-back"].addEventListener("click", () => this.turn(-1));
    this.slots["page-on"].addEventListener("click", () => this.turn(1));
    this.slots.words.addEventListener("input", () => this.search());
  }

  show(answer) {
    if (answer.state !== "ready") return;
    const data = JSON.stringify([answer.reference, answer.settings, answer.model, answer.report]);
    if (data === this.listed) return;
    if (answer.reference !== this.reference) this.forget();
    this.reference = answer.reference;
    this.listed = data;
    this.load();
  }

  forget() {
    this.words = this.slots.words.value = "";
    this.page = 0;
  }

  choose(filter) {
    this.filter = filter;
    this.page = 0;
    this.load();
  }

  turn(pages) {
    this.page += pages;
    this.load();
  }

  search() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => {
      this.words = this.slots.words.value.trim();
      this.page = 0;
      this.load();
    }, TYPING_MILLISECONDS);
  }

  // What the list holds now; rows are found anew by it.
  get asked() {
    return { filter: this.filter, words: this.words };
  }

  async load() {
    const asked = { ...this.asked, page: this.page };
    const answer = await this.view.call("list_rows", asked);
    if (!answer || answer.problem || asked.filter !== this.filter || asked.words !== this.words || asked.page !== this.page) return;
    this.page = answer.page;
    this.rows = answer.rows;
    this.draw(answer);
  }

  draw({ total, page, pages }) {
    setText(this.slots.total, total === 1 ? "1 row" : total.toLocaleString("en") + " rows");
    setText(this.slots["page-words"], "Page " + (page + 1).toLocaleString("en") + " of " + pages.toLocaleString("en"));
    this.slots["page-back"].disabled = page === 0;
    this.slots["page-on"].disabled = page + 1 >= pages;
    this.slots.pages.hidden = pages < 2;
    this.mark();
  }

  // Draws the rows again with what was changed of them, and which one is open.
  mark() {
    const focused = this.slots.rows.contains(document.activeElement) && document.activeElement.closest("tr").dataset.row;
    this.slots.rows.replaceChildren(...(this.rows ?? []).map((row) => this.line(row)));
    if (!this.rows?.length) this.slots.rows.replaceChildren(make("tr", {}, make("td", { colspan: "4", class: "data-quiet" }, "No row holds that.")));
    if (focused) this.slots.rows.querySelector(`[data-row="${focused}"] button`)?.focus();
  }

  line(row) {
    const change = this.view.pending.of(row);
    const isOpen = this.view.rowView.isOpen(row.id);
    const kinds = [row.kind, change && "data-changed", isOpen && "data-chosen"].filter(Boolean).join(" ");
    const open = make("button", { type: "button", "aria-pressed": String(isOpen) }, place(row));
    const mark = change ? (change.excluded ? "will be left out" : "changed") : MARKS[row.kind];
    const answer = make("td", {}, row.answer);
    if (mark) answer.prepend(make("span", { class: "data-mark" }, mark), " ");
    const tokens = make("td", {}, row.tokens === undefined ? "–" : row.tokens.toLocaleString("en"));
    const line = make("tr", { class: kinds, "data-row": String(row.id) }, make("td", {}, open), make("td", {}, row.question), answer, tokens);
    line.addEventListener("click", () => this.view.rowView.openFromList(row.id));
    return line;
  }
}

function place({ file, line }) {
  return file ? file + ":" + line : String(line);
}
