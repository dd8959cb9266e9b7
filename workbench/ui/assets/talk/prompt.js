// The line that asks them all, and questions to try.

import { make } from "../live/dom.js";

const MOST_PIXELS = 180;

export class Prompt {
  constructor(talk) {
    this.talk = talk;
    this.slots = talk.slots;
    const { ask, prompt, stop, keep } = this.slots;
    ask.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    prompt.addEventListener("keydown", (event) => this.onKey(event));
    prompt.addEventListener("input", () => this.fit());
    stop.addEventListener("click", () => talk.asking.stop());
    keep.addEventListener("click", () => this.edit(false));
  }

  draw() {
    const count = Object.keys(this.talk.conversation.answerers).length;
    this.slots.prompt.placeholder = count === 1 ? "Ask" : count === 2 ? "Ask both" : `Ask all ${count}`;
    this.slots.stop.disabled = !this.talk.asking.isGoing;
    this.slots.send.disabled = this.talk.isBusy;
    const { here, conversation } = this.talk;
    this.drawTries((conversation.lead && here.suggestions) || []);
  }

  drawTries(suggestions) {
    if (this.shown === suggestions.join("\n")) return;
    this.shown = suggestions.join("\n");
    const tries = suggestions.map((words, number) => {
      const button = make("button", { type: "button", class: "talk-button talk-small", id: "suggestion-" + number, title: "From the examples that were kept for checking." }, words);
      button.addEventListener("click", () => this.ask(words));
      return button;
    });
    this.slots.tries.hidden = !tries.length;
    this.slots.tries.replaceChildren(make("span", {}, "Try"), ...tries);
  }

  onKey(event) {
    if (event.key === "Escape" && this.isEditing) this.edit(false);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  send() {
    const words = this.slots.prompt.value.replace(/^\n+|\s+$/g, "");
    if (!words) return this.talk.note.fail({ message: "There is no question yet.", hint: "Type one, or press one of the suggestions." });
    this.ask(words);
  }

  // Another question, or the last one in other words.
  ask(prompt) {
    if (this.talk.isBusy) return;
    const { isEditing } = this;
    this.edit(false);
    if (isEditing) return this.talk.askInstead(prompt, "The question has other words now.");
    this.talk.note.clear();
    this.talk.ask(prompt);
  }

  edit(isEditing) {
    this.isEditing = isEditing;
    this.slots.editing.hidden = !isEditing;
    this.slots.prompt.value = isEditing ? this.talk.conversation.exchanges.at(-1).prompt : "";
    this.fit();
    if (isEditing) this.slots.prompt.focus();
  }

  fit() {
    const { prompt } = this.slots;
    prompt.style.height = "auto";
    prompt.style.height = Math.min(prompt.scrollHeight, MOST_PIXELS) + "px";
  }
}
