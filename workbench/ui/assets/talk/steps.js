// What can be done with the last question, and with the whole conversation. Nothing is lost: each can be taken back.

import { setText } from "../live/dom.js";
import { makeToken, withoutExchanges } from "./conversation.js";

export class Steps {
  constructor(talk) {
    this.talk = talk;
    this.slots = talk.slots;
    this.slots.retry.addEventListener("click", () => this.retry());
    this.slots.edit.addEventListener("click", () => talk.prompt.edit(true));
    this.slots.undo.addEventListener("click", () => this.undo());
    this.slots.clear.addEventListener("click", () => this.clear());
    this.slots.free.addEventListener("click", () => this.free());
  }

  draw() {
    const isEmpty = !this.talk.conversation.exchanges.length;
    for (const name of ["retry", "edit"]) this.slots[name].disabled = isEmpty || this.talk.isBusy;
    for (const name of ["undo", "clear"]) this.slots[name].disabled = isEmpty;
  }

  // Where chance is used, the same seed would give the same answer.
  retry() {
    const { conversation } = this.talk;
    const { sampling, exchanges } = conversation;
    if (sampling.temperature > 0) conversation.sampling = { ...sampling, seed: sampling.seed + 1 };
    this.talk.askInstead(exchanges.at(-1).prompt, "The question was asked again.");
  }

  undo() {
    this.talk.replace({ conversation: withoutExchanges(this.talk.conversation, 1) }, "The last question is taken away.");
  }

  // What was said stays on the disk, and the next question begins another conversation there.
  clear() {
    const conversation = withoutExchanges(this.talk.conversation);
    this.talk.replace({ conversation, reference: "", mark: makeToken() }, "The conversation is cleared.");
  }

  async free() {
    this.talk.asking.stop();
    const { words, problem } = await this.talk.call("free_memory", {});
    if (problem) this.talk.note.fail(problem);
    else setText(this.slots.freed, words);
  }
}
