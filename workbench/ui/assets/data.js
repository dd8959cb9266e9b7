// The Data tab: asks what there is to know of the chosen data, and hands each answer to the parts that show it.

import { button } from "./data/button.js";
import { Chooser } from "./data/chooser.js";
import { Columns } from "./data/columns.js";
import { Downloads } from "./data/downloads.js";
import { Faults } from "./data/faults.js";
import { Overview } from "./data/overview.js";
import { Pending } from "./data/pending.js";
import { RowList } from "./data/row_list.js";
import { RowView } from "./data/row_view.js";
import { Versions } from "./data/versions.js";
import { Weights } from "./data/weights.js";
import { findSlots } from "./live/dom.js";

const POLL_MILLISECONDS = 700;
const OFFLINE = { message: "The workbench cannot be reached.", hint: "Start it again, then choose the set once more." };

export function start(element, bridge) {
  const view = new DataView(element, bridge);
  bridge.watch("value", () => view.takeForm());
  view.takeForm();
}

class DataView {
  constructor(element, { server, props }) {
    this.element = element;
    this.server = server;
    this.props = props;
    this.root = element.querySelector(".data");
    this.slots = findSlots(this.root);
    // `form` are the settings of the Train tab, `settings` those that are looked at here.
    this.form = {};
    this.settings = {};
    this.answer = null;
    this.asked = 0;
    this.pending = new Pending(this);
    this.rowView = new RowView(this);
    this.rowList = new RowList(this);
    this.parts = [Chooser, Faults, Overview, Columns, Weights, Versions, Downloads].map((Part) => new Part(this));
    this.parts.push(this.rowList, this.rowView, this.pending);
  }

  // Another set than the form's stays in view, unless the form has just chosen a new one.
  takeForm() {
    if (!this.props.value) return;
    const form = JSON.parse(this.props.value);
    const staysApart = this.settings["data.path"] && !this.isUsed() && form["data.path"] === this.form["data.path"];
    this.form = form;
    this.look(staysApart ? { ...form, ...this.own() } : { ...form });
  }

  // Whether what is looked at is what the Train tab has chosen.
  isUsed() {
    return this.settings["data.path"] === this.form["data.path"];
  }

  // How a file is read belongs to that file: another one begins with the defaults.
  own() {
    const names = ["data.path", ...(this.answer?.of_file ?? [])].filter((name) => name in this.settings);
    return Object.fromEntries(names.map((name) => [name, this.settings[name]]));
  }

  choose(name) {
    if (name === this.form["data.path"]) return this.look({ ...this.form });
    const settings = { ...this.form, "data.path": name };
    for (const setting of this.answer?.of_file ?? []) delete settings[setting];
    this.look(settings);
  }

  // A change here is a change of the form, where the form has chosen the same data.
  put(changed) {
    if (this.isUsed()) this.tell("put-settings", changed);
    this.look({ ...this.settings, ...changed });
  }

  tell(what, settings) {
    this.form = { ...this.form, ...settings };
    this.element.dispatchEvent(new CustomEvent("workbench:" + what, { detail: { settings } }));
  }

  look(settings) {
    this.settings = settings;
    return this.ask();
  }

  async ask() {
    clearTimeout(this.timer);
    const number = ++this.asked;
    const answer = await this.call("look", {});
    if (number === this.asked && this.root.isConnected) this.take(answer);
  }

  // What the server answers about the data looked at; null if it cannot be reached.
  async call(name, arg) {
    return await this.server[name]({ settings: this.settings, ...arg }).catch(() => null);
  }

  take(answer) {
    this.answer = answer ?? { ...this.answer, state: "refused", problem: OFFLINE };
    if (this.answer.problem && !this.answer.state) this.answer.state = "refused";
    this.root.dataset.state = this.answer.state;
    this.slots.body.hidden = this.answer.state !== "ready";
    for (const part of this.parts) part.show(this.answer);
    if (this.answer.state === "waiting") this.timer = setTimeout(() => this.poll(), POLL_MILLISECONDS);
  }

  poll() {
    if (!this.root.isConnected) return;
    if (document.hidden || !this.root.offsetParent) this.timer = setTimeout(() => this.poll(), POLL_MILLISECONDS);
    else this.ask();
  }

  // One line about what was just done, with a button to take it back if there is a way.
  note(words, undo) {
    const { note } = this.slots;
    note.hidden = !words;
    note.replaceChildren(words);
    if (undo) note.append(" ", button("Undo", undo));
  }
}
