// How the files are read: what each column is for, the encoding, the header, the sheet, the template.

import { make, setText } from "../live/dom.js";

const ROLES = {
  question: "Question",
  answer: "Answer",
  context: "Context",
  system: "System prompt",
  messages: "Conversation",
  text: "Text",
};
const TABLES = /\.(csv|tsv|xlsx)\b/i;

export class Columns {
  constructor(view) {
    this.view = view;
    this.slots = view.slots;
  }

  show(answer) {
    const hasSettings = Boolean(answer.settings) && answer.state !== "waiting";
    this.slots.folds.hidden = !hasSettings;
    if (!hasSettings) return;
    const unsure = (answer.files ?? []).map(({ unsure }) => unsure).filter(Boolean);
    if (unsure.length || answer.state === "refused") this.slots["columns-fold"].open = true;
    setText(this.slots["columns-fold"].querySelector("summary"), unsure.length ? "How the file is read: please look" : "How the file is read");
    const told = unsure.map((words) => make("p", { class: "data-unsure" }, words));
    this.slots.columns.replaceChildren(...told, this.fields(answer));
  }

  fields(answer) {
    const names = [...new Set((answer.files ?? []).flatMap(({ columns }) => columns))];
    const box = make("div", { class: "data-fields" });
    for (const [role, label] of Object.entries(ROLES)) box.append(this.column(answer, role, label, names));
    box.append(this.choice(answer, "data.encoding", "Encoding"));
    if (this.isTable(answer)) box.append(this.header(answer), this.sheet(answer));
    box.append(this.choice(answer, "data.template", "Chat template"));
    return box;
  }

  // Files in an archive are known only after they were read.
  isTable({ files, is_table: isTable }) {
    return isTable || (files ?? []).some(({ name }) => TABLES.test(name));
  }

  column(answer, role, label, names) {
    const setting = "data." + role + "_column";
    const chosen = answer.settings[setting];
    const found = (answer.files ?? []).map(({ mapping }) => mapping[role]).find(Boolean);
    const auto = found && !chosen ? "found: " + found : "found by its name";
    const offered = names.includes(chosen) || !chosen ? names : [...names, chosen];
    return this.select(setting, label, [["", auto], ...offered.map((name) => [name, name])], chosen);
  }

  choice({ settings, choices }, setting, label) {
    return this.select(setting, label, choices[setting].map((value) => [value, value]), settings[setting]);
  }

  select(setting, label, options, chosen) {
    const select = make("select", { "data-setting": setting });
    select.append(...options.map(([value, words]) => make("option", { value }, words)));
    select.value = chosen;
    select.addEventListener("change", () => this.view.put({ [setting]: select.value }));
    return make("label", { class: "data-field" }, make("span", {}, label), select);
  }

  header({ settings }) {
    const box = make("input", { type: "checkbox", "data-setting": "data.header" });
    box.checked = settings["data.header"];
    box.addEventListener("change", () => this.view.put({ "data.header": box.checked }));
    return make("label", { class: "data-check" }, box, make("span", {}, "The first row names the columns"));
  }

  sheet({ settings, files }) {
    const chosen = settings["data.sheet"];
    const names = new Set([...(files ?? []).flatMap(({ sheets }) => sheets), ...(chosen ? [chosen] : [])]);
    return names.size ? this.select("data.sheet", "Sheet", [["", "the first"], ...[...names].map((name) => [name, name])], chosen) : "";
  }
}
