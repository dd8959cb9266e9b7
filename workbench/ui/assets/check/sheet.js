// The answer sheet: rows by page and filter. A mark is kept as soon as it is pressed.

import { make, setText } from "../live/dom.js";

const FILTERS = { all: "All", changed: "Changed", unmarked: "Unmarked", good: "Good", bad: "Bad" };
const PARTS = { "": "All examples", held_out: "Held-out", training: "Training", data: "The set" };

export class Sheet {
  constructor(check) {
    this.check = check;
    this.slots = check.slots;
    this.filters = Object.keys(FILTERS).map((name) => this.filterButton(name));
    this.slots.filters.append(...this.filters);
    this.slots.which.addEventListener("change", () => this.show({ part: this.slots.which.value, page: 0 }));
    this.slots.back.addEventListener("click", () => this.show({ page: this.look.page - 1 }));
    this.slots.forth.addEventListener("click", () => this.show({ page: this.look.page + 1 }));
    this.reset();
  }

  reset() {
    this.answered = 0;
    this.look = { part: "", filter: "all", page: 0 };
  }

  // Read anew when there are more answers than before.
  draw({ answered, csv, html }) {
    this.slots.sheet.hidden = !answered;
    this.slots.csv.href = csv;
    this.slots.html.href = html;
    if (answered === this.answered) return;
    this.answered = answered;
    this.read();
  }

  show(changes) {
    this.look = { ...this.look, ...changes };
    this.read();
  }

  async read() {
    const { run, job } = this.check;
    const asked = (this.asked = {});
    const sheet = await this.check.call("check_rows", { run, id: job.id, ...this.look });
    if (asked !== this.asked) return;
    if (sheet.problem) return this.check.say(sheet.problem);
    this.drawTools(sheet);
    const none = make("p", { class: "talk-note" }, "No answer is of this kind.");
    this.slots.rows.replaceChildren(...(sheet.rows.length ? sheet.rows.map((row) => this.row(row)) : [none]));
  }

  drawTools({ counts, parts, pages }) {
    for (const button of this.filters) {
      const name = button.dataset.filter;
      setText(button, `${FILTERS[name]} ${counts[name]}`);
      button.setAttribute("aria-pressed", String(name === this.look.filter));
    }
    const { which } = this.slots;
    which.hidden = parts.length < 2;
    which.replaceChildren(...["", ...parts].map((part) => make("option", { value: part }, PARTS[part])));
    which.value = this.look.part;
    this.slots.pages.hidden = pages < 2;
    setText(this.slots.page, `${this.look.page + 1} of ${pages}`);
    this.slots.back.disabled = this.look.page <= 0;
    this.slots.forth.disabled = this.look.page + 1 >= pages;
  }

  filterButton(name) {
    const button = make("button", { type: "button", class: "talk-button talk-small", "data-filter": name }, FILTERS[name]);
    button.addEventListener("click", () => this.show({ filter: name, page: 0 }));
    return button;
  }

  row(row) {
    const cells = [{ label: "Expected", text: row.expected || "–" }, ...row.answers].map(({ label, text }) =>
      make("div", { class: "check-cell" }, make("span", { dir: "auto" }, label), make("p", { dir: "auto" }, text || "(no answer)")),
    );
    const question = make("p", { class: "check-question", dir: "auto" }, row.question);
    const note = make("small", {}, PARTS[row.part] + (row.changed ? "" : " · same answer as before"));
    const head = make("header", {}, make("div", {}, question, note), this.marks(row));
    return make("article", { class: "check-row", "data-key": row.key }, head, make("div", { class: "check-cells" }, ...cells));
  }

  marks(row) {
    const buttons = ["good", "bad"].map((mark) => {
      const button = make("button", { type: "button", class: "talk-button talk-small", "data-mark": mark }, FILTERS[mark]);
      button.addEventListener("click", () => this.mark(row, row.mark === mark ? "" : mark, buttons));
      return button;
    });
    press(buttons, row.mark);
    return make("span", { class: "check-marks", role: "group", "aria-label": "How good the tuned answer is" }, ...buttons);
  }

  async mark(row, mark, buttons) {
    const { run, job } = this.check;
    const answer = await this.check.call("check_mark", { run, id: job.id, key: row.key, mark });
    if (answer.problem) return this.check.say(answer.problem);
    row.mark = mark;
    press(buttons, mark);
    this.count();
  }

  // The row stays in view although it may not be of this kind any more.
  async count() {
    const { run, job } = this.check;
    const sheet = await this.check.call("check_rows", { run, id: job.id, ...this.look });
    if (!sheet.problem) this.drawTools(sheet);
  }
}

function press(buttons, mark) {
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.mark === mark));
}
