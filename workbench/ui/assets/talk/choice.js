// Which results answer: the one that the chat is about, and others of the same model beside it.

import { make } from "../live/dom.js";
import { MOST_TUNED, ORIGINAL, tunedCount } from "./conversation.js";

export class Choice {
  constructor(talk) {
    this.talk = talk;
    this.slots = talk.slots;
    this.slots.run.addEventListener("change", () => talk.meet(this.slots.run.value));
    this.slots.add.addEventListener("change", () => this.add(this.slots.add.value));
  }

  draw() {
    const { here, conversation } = this.talk;
    fill(this.slots.run, here.runs.map(({ id, name }) => make("option", { value: id }, name)));
    this.slots.run.value = conversation.lead;
    fill(this.slots.add, [make("option", { value: "" }, "+ Add another adapter"), ...this.offers()]);
    this.slots.add.value = "";
  }

  // Whoever cannot join is named too, with the reason.
  offers() {
    const { here, conversation } = this.talk;
    const missing = (name) => !(name in conversation.answerers);
    const isFull = tunedCount(conversation) >= MOST_TUNED;
    const others = here.runs.filter(({ id }) => missing(id)).map(({ id, name, apart }) => offer(id, name, isFull ? `six are the most` : apart));
    return missing(ORIGINAL) ? [offer(ORIGINAL, `Original (${here.base})`, ""), ...others] : others;
  }

  // A new one answers the last question at once.
  add(name) {
    if (!name) return;
    const { conversation } = this.talk;
    const added = { [name]: { run_id: name === ORIGINAL ? "" : name, strength: 1 } };
    conversation.answerers = name === ORIGINAL ? { ...added, ...conversation.answerers } : { ...conversation.answerers, ...added };
    this.talk.settle();
    if (conversation.exchanges.length) this.talk.asking.ask([name]);
  }
}

function offer(value, name, reason) {
  const option = make("option", { value }, reason ? `${name}: ${reason}` : name);
  option.disabled = Boolean(reason);
  return option;
}

// A list that is open must not change under the hand.
function fill(select, options) {
  const told = (nodes) => [...nodes].map(({ value, text, disabled }) => [value, text, disabled].join()).join("\n");
  if (told(select.options) !== told(options)) select.replaceChildren(...options);
}
