// Which run, in which form, with which numbers. What is chosen outlives a reload.

import { make, setText } from "../live/dom.js";

const KEY = "lora-workbench-export-1";

export class Choices {
  constructor(part) {
    this.part = part;
    this.slots = part.slots;
    this.kept = { run: "", target: "", numbers: {}, name: "", ...JSON.parse(sessionStorage.getItem(KEY)) };
    this.slots.name.value = this.kept.name;
    this.slots.run.addEventListener("change", () => part.choose(this.slots.run.value));
    this.slots.groups.addEventListener("change", (event) => this.choose(event.target.value));
    this.slots.numbers.addEventListener("change", () => this.count(this.slots.numbers.value));
    this.slots.name.addEventListener("input", () => this.settle());
  }

  get run() {
    return this.kept.run;
  }

  set run(run) {
    this.kept.run = run;
  }

  wish() {
    const { run, target, name } = this.kept;
    return { run, target, name, numbers: this.numbers()?.name ?? "" };
  }

  draw(here) {
    this.targets = here.groups.flatMap(({ targets }) => targets);
    const able = this.targets.filter(({ reason }) => !reason);
    if (!able.some(({ name }) => name === this.kept.target)) this.kept.target = able[0]?.name ?? "";
    this.kept.run = here.run;
    this.slots.run.replaceChildren(...here.runs.map(({ id, name }) => make("option", { value: id }, name)));
    this.slots.run.value = here.run;
    setText(this.slots.about, here.about);
    this.slots.groups.replaceChildren(...here.groups.filter(({ targets }) => targets.length).map((group) => this.group(group)));
    this.drawNumbers();
    this.keep();
  }

  group({ label, targets }) {
    const cards = make("div", { class: "export-cards" }, ...targets.map((target) => this.card(target)));
    return make("section", { class: "export-group", "aria-label": label }, make("h4", {}, label), cards);
  }

  // One that cannot be chosen says why in place of what it is for.
  card({ name, label, use, reason, size }) {
    const button = make("input", { type: "radio", name: "export-target", value: name, id: "export-to-" + name });
    button.disabled = Boolean(reason);
    button.checked = name === this.kept.target;
    const head = make("span", { class: "export-card-head" }, button, make("b", {}, label), make("i", { "data-size": name }, size));
    return make("label", { class: "export-card" }, head, make("small", {}, use), ...(reason ? [make("small", { class: "export-reason" }, reason)] : []));
  }

  choose(target) {
    this.kept.target = target;
    this.drawNumbers();
    this.settle();
  }

  count(numbers) {
    this.kept.numbers[this.kept.target] = numbers;
    this.drawNumbers();
    this.settle();
  }

  get target() {
    return this.targets?.find(({ name }) => name === this.kept.target);
  }

  // The chosen number format, or the target's usual one.
  numbers() {
    const offered = this.target?.numbers ?? [];
    return offered.find(({ name }) => name === this.kept.numbers[this.kept.target]) ?? offered[0];
  }

  drawNumbers() {
    const offered = this.target?.numbers ?? [];
    const chosen = this.numbers();
    this.slots["numbers-step"].hidden = !chosen;
    setText(this.slots["card-title"], (chosen ? "4" : "3") + " Card");
    if (!chosen) return;
    this.slots.numbers.replaceChildren(...offered.map(({ name, size, words }) => make("option", { value: name }, [name, size, words].join(" · "))));
    this.slots.numbers.value = chosen.name;
    setText(this.slots.groups.querySelector(`[data-size="${this.kept.target}"]`), chosen.size);
  }

  settle() {
    this.keep();
    this.part.change();
  }

  keep() {
    this.kept.name = this.slots.name.value;
    sessionStorage.setItem(KEY, JSON.stringify(this.kept));
  }
}
