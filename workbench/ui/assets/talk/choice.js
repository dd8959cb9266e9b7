// Who answers: the result that the chat is about, and beside it others of the same model, and GGUF files.

import { make } from "../live/dom.js";
import { MOST_TUNED, ORIGINAL, answererOf, leaderOf, tunedCount } from "./conversation.js";

const NO_FILES = "no-files";

export class Choice {
  constructor(talk) {
    this.talk = talk;
    this.slots = talk.slots;
    this.slots.run.addEventListener("change", () => talk.meet(this.slots.run.value));
    this.slots.add.addEventListener("change", () => this.add(this.slots.add.value));
  }

  draw() {
    const { here, conversation } = this.talk;
    const files = this.talk.files.map(({ id, title, about }) => ({ id, name: `${title} (${about})` }));
    fill(this.slots.run, [...here.runs, ...files].map(({ id, name }) => make("option", { value: id }, name)));
    this.slots.run.value = leaderOf(conversation);
    fill(this.slots.add, [make("option", { value: "" }, "+ Add another"), ...this.offers(), ...this.fileOffers()]);
    this.slots.add.value = "";
  }

  // Whoever cannot join is named too, with the reason.
  offers() {
    const { here, conversation } = this.talk;
    if (!conversation.lead) return [];
    const others = here.runs.filter(({ id }) => this.isMissing(id)).map(({ id, name, apart }) => offer(id, name, this.fullness || apart));
    return this.isMissing(ORIGINAL) ? [offer(ORIGINAL, `Original (${here.base})`, ""), ...others] : others;
  }

  // Where there are none, choosing them tells how they come.
  fileOffers() {
    const { files } = this.talk.here;
    if (!files.length) return [offer(NO_FILES, "GGUF files …", "")];
    return files.filter(({ id }) => this.isMissing(id)).map(({ id, title, about, apart }) => offer(id, `${title} (${about})`, this.fullness || apart));
  }

  isMissing(name) {
    return !(name in this.talk.conversation.answerers);
  }

  get fullness() {
    return tunedCount(this.talk.conversation) >= MOST_TUNED ? "six are the most" : "";
  }

  // A new one answers the last question at once.
  add(name) {
    if (!name) return;
    this.talk.note.mend();
    if (name === NO_FILES) {
      this.slots.add.value = "";
      return this.talk.note.fail(this.talk.here.no_files);
    }
    const { conversation, here } = this.talk;
    const file = here.files.find(({ id }) => id === name);
    const added = { [name]: file ? answererOf(file) : { run_id: name === ORIGINAL ? "" : name, strength: 1 } };
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
