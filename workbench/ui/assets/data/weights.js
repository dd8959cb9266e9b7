// How often each file of the set is seen, and other sets that are mixed in: a table that writes the setting.

import { make } from "../live/dom.js";
import { button } from "./button.js";

export class Weights {
  constructor(view) {
    this.view = view;
    this.slots = view.slots;
  }

  show(answer) {
    if (answer.state !== "ready") return;
    const rows = answer.weights.map((part) => this.line(answer, part));
    const head = make("tr", {}, make("th", { scope: "col" }, "File or set"), make("th", { scope: "col" }, "How often (weight)"), make("th", {}));
    const table = make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
    const hint = make("p", { class: "data-note" }, "2 shows a row twice in each pass, 0.5 shows half of the rows.");
    this.slots.weights.replaceChildren(hint, table, this.adder(answer));
  }

  line(answer, { name, weight, mixed_in: mixedIn }) {
    const box = make("input", { type: "number", min: "0.01", max: "100", step: "0.5", value: String(weight), "aria-label": "Weight of " + name });
    box.addEventListener("change", () => this.put(answer, name, Number(box.value) || 1));
    const remove = mixedIn ? button("Remove", () => this.put(answer, name, null)) : "";
    return make("tr", {}, make("td", {}, name), make("td", {}, box), make("td", {}, remove));
  }

  adder(answer) {
    const here = new Set([answer.set, ...answer.weights.map(({ name }) => name)]);
    const others = answer.sets.map(({ name }) => name).filter((name) => !here.has(name));
    const select = make("select", {}, make("option", { value: "" }, "Choose a set"), ...others.map((name) => make("option", { value: name }, name)));
    select.addEventListener("change", () => this.put(answer, select.value, 1, true));
    return make("label", { class: "data-field" }, make("span", {}, "Mix in another set"), select);
  }

  // Only what differs from 1 is written down, but a set that is mixed in must be named.
  put(answer, name, weight, isNew = false) {
    const parts = answer.weights.map((part) => (part.name === name ? { ...part, weight } : part));
    if (isNew) parts.push({ name, weight, mixed_in: true });
    const named = parts.filter((part) => part.weight !== null && (part.mixed_in || part.weight !== 1));
    const words = [...new Map(named.map((part) => [part.name, part.weight]))].map(([part, value]) => part + ": " + value);
    this.view.put({ "data.weights": words.join(", ") });
  }
}
