// The system prompt, the presets of sampling, and each of its settings.

import { make, setText } from "../live/dom.js";

// No matter of how lively an answer is: a preset leaves these as they are.
const APART = ["seed", "max_new_tokens"];

export class Settings {
  constructor(talk) {
    this.talk = talk;
    this.slots = talk.slots;
    this.fields = new Map();
    this.slots.system.addEventListener("input", () => this.change({ system: this.slots.system.value }));
    this.slots.formatted.addEventListener("change", () => this.showAs(this.slots.formatted.checked));
  }

  defaults() {
    return this.talk.here.presets?.[0]?.values ?? {};
  }

  draw() {
    const { here, conversation, kept } = this.talk;
    if (!this.fields.size) this.build(here);
    for (const [path, box] of this.fields) if (document.activeElement !== box) box.value = conversation.sampling[path];
    for (const choice of this.slots["preset-choices"].querySelectorAll("input")) choice.checked = choice.value === this.preset();
    if (document.activeElement !== this.slots.system) this.slots.system.value = conversation.system;
    this.slots.formatted.checked = kept.formatted;
    setText(this.slots.changed, conversation.system ? " · with a system prompt" : "");
  }

  // The preset whose values are these, "" for one's own.
  preset() {
    const own = this.talk.conversation.sampling;
    const isSame = ({ values }) => Object.entries(values).every(([path, value]) => APART.includes(path) || own[path] === value);
    return this.talk.here.presets.find(isSame)?.name ?? "";
  }

  build({ presets, fields }) {
    this.slots["preset-choices"].replaceChildren(...presets.map((preset) => this.makePreset(preset)));
    this.slots.fields.replaceChildren(...fields.map((field) => this.makeField(field)));
  }

  makePreset({ name, label, values }) {
    const choice = make("input", { type: "radio", name: "chat-preset", value: name });
    choice.addEventListener("change", () => {
      const own = this.talk.conversation.sampling;
      this.change({ sampling: { ...values, ...Object.fromEntries(APART.map((path) => [path, own[path]])) } });
    });
    return make("label", {}, choice, make("span", {}, label));
  }

  // No limits here: the server says what is wrong with a number.
  makeField({ path, label, help, step }) {
    const id = "set-" + path.replaceAll("_", "-");
    const box = make("input", { type: "number", step, id, "aria-label": label, "aria-describedby": id + "-help" });
    box.addEventListener("input", () => this.change({ sampling: { ...this.talk.conversation.sampling, [path]: Number(box.value) } }));
    this.fields.set(path, box);
    return make("label", {}, make("span", {}, label), make("small", { id: id + "-help" }, help), box);
  }

  change(changed) {
    Object.assign(this.talk.conversation, changed);
    this.talk.settle();
  }

  showAs(formatted) {
    this.talk.kept.formatted = formatted;
    this.talk.settle();
  }
}
