// Which set is looked at, in which version, and what can be done with it as a whole.

import { make, setText } from "../live/dom.js";

export class Chooser {
  constructor(view) {
    this.view = view;
    this.slots = view.slots;
    this.listed = "";
    this.slots.set.addEventListener("change", () => this.choose(this.slots.set.value));
    this.slots.version.addEventListener("change", () => this.choose(this.slots.version.value));
    this.slots.use.addEventListener("click", () => this.use());
    this.slots.delete.addEventListener("click", () => this.remove());
  }

  show(answer) {
    this.answer = answer;
    const { set = "", sets = [] } = answer;
    this.list(sets, set);
    const own = sets.find(({ name }) => name === set);
    this.listVersions(own, answer.version);
    this.slots.delete.hidden = !own || own.sample;
    this.slots.use.hidden = !set;
    this.slots.use.disabled = this.view.isUsed();
    setText(this.slots.use, this.view.isUsed() ? "Used for training ✓" : "Use for training");
    setText(this.slots.about, aboutOf(answer, own));
  }

  list(sets, chosen) {
    const state = JSON.stringify(sets);
    const { set } = this.slots;
    if (state !== this.listed) {
      const options = sets.map(({ name, sample }) => make("option", { value: name }, sample ? name + " (sample)" : name));
      set.replaceChildren(make("option", { value: "", disabled: "" }, "Choose a set"), ...options);
      this.listed = state;
    }
    set.value = sets.some(({ name }) => name === chosen) ? chosen : "";
  }

  listVersions(own, version) {
    const numbers = own?.versions ?? [];
    this.slots["version-field"].hidden = numbers.length < 2;
    const newest = numbers.at(-1);
    const options = numbers.toReversed().map((number) => {
      const value = number === newest ? own.name : own.name + "@" + number;
      return make("option", { value }, number === newest ? number + " (newest)" : String(number));
    });
    this.slots.version.replaceChildren(...options);
    this.slots.version.value = version === newest ? own?.name : own?.name + "@" + version;
  }

  choose(name) {
    this.view.note("");
    if (this.view.pending.isEmpty() || confirm("Discard the changes that are not saved?")) this.view.choose(name);
    else this.show(this.answer);
  }

  use() {
    this.view.tell("use-set", { ...this.answer.settings, "data.path": this.view.settings["data.path"] });
    this.show(this.answer);
  }

  async remove() {
    const { set } = this.answer;
    const wasUsed = this.view.isUsed();
    const done = await this.view.call("change_set", { action: "delete", name: set });
    if (done?.problem) return this.view.note(done.problem.message);
    this.view.tell("put-settings", wasUsed ? { "data.path": "" } : {});
    this.view.note("“" + set + "” is deleted.", () => this.bringBack(set, wasUsed));
    this.view.pending.clear();
    this.view.choose("");
  }

  async bringBack(set, wasUsed) {
    const done = await this.view.call("change_set", { action: "undelete", name: set });
    if (done?.problem) return this.view.note(done.problem.message + " " + done.problem.hint);
    this.view.tell("put-settings", wasUsed ? { "data.path": set } : {});
    this.view.note("“" + set + "” is back.");
    this.view.choose(set);
  }
}

function aboutOf({ state, model, asked_model: asked }, own) {
  if (state === "empty" || !model) return "";
  const kind = own?.sample ? "A sample that ships with the workbench. " : "";
  const other = asked && asked !== model ? ", since the model chosen in the Train tab cannot be used" : "";
  return kind + "Tokens are those of " + model + other + ".";
}
