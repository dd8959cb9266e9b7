// What only the author of a run can say of it. It is kept with the run as soon as a field is left.

import { make, setText } from "../live/dom.js";

export class Author {
  constructor(part) {
    this.part = part;
    this.slots = part.slots;
    this.fields = new Map();
    this.kept = Promise.resolve(true);
    for (const place of [this.slots.questions, this.slots.ticks]) {
      place.addEventListener("input", () => this.change());
      place.addEventListener("change", () => this.keep());
    }
  }

  // What is being typed stays, until another run is chosen.
  draw(run, { questions, answers, licence }) {
    if (!this.fields.size) this.make(questions);
    setText(this.slots.licence, licence);
    if (run !== this.run || !this.isDirty) this.fill(answers);
    this.run = run;
  }

  make(questions) {
    this.fields = new Map(questions.map((question) => [question.name, question.tick ? tick(question) : field(question)]));
    const of = (wanted) => questions.filter(({ tick: word }) => Boolean(word) === wanted).map(({ name }) => this.fields.get(name).root);
    this.slots.ticks.replaceChildren(...of(true));
    this.slots.questions.replaceChildren(...of(false));
  }

  fill(answers) {
    for (const [name, { write }] of this.fields) write(answers[name] ?? "");
    this.isDirty = false;
    this.slots["author-problem"].hidden = true;
    this.count();
  }

  change() {
    this.isDirty = true;
    this.count();
  }

  answers() {
    return Object.fromEntries([...this.fields].map(([name, { read }]) => [name, read()]));
  }

  count() {
    const asked = [...this.fields.values()].filter(({ isTick }) => !isTick);
    const said = asked.filter(({ read }) => read().trim()).length;
    setText(this.slots.answered, said ? ` · ${said} of ${asked.length} answered` : "");
  }

  // Whether all that was typed is kept. One after another: what was typed last is kept last.
  keep() {
    this.kept = this.kept.then(() => this.keepNow());
    return this.kept;
  }

  async keepNow() {
    if (!this.isDirty) return true;
    this.isDirty = false;
    const { problem } = await this.part.call("export_say", { run: this.run, answers: this.answers() });
    this.slots["author-problem"].hidden = !problem;
    if (!problem) return true;
    this.isDirty = true;
    this.slots["author-problem"].replaceChildren(make("b", {}, problem.message), make("span", {}, problem.hint));
    this.slots["author-problem"].scrollIntoView({ block: "nearest" });
    return false;
  }
}

function field({ name, label, help, example, lines }) {
  const kind = lines > 1 ? make("textarea", { rows: lines }) : make("input", { type: "text" });
  Object.assign(kind, { id: "export-say-" + name, placeholder: example, maxLength: 4000, autocomplete: "off" });
  kind.setAttribute("aria-describedby", kind.id + "-help");
  const root = make("label", { class: "talk-field" }, make("span", {}, label), kind, make("small", { id: kind.id + "-help" }, help));
  return { root, read: () => kind.value, write: (value) => { kind.value = value; } };
}

function tick({ name, help, tick: word }) {
  const box = make("input", { type: "checkbox", id: "export-say-" + name });
  const root = make("label", { class: "export-tick" }, box, make("span", {}, help));
  return { root, isTick: true, read: () => (box.checked ? word : ""), write: (value) => { box.checked = value === word; } };
}
