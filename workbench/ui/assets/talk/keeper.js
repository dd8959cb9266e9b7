// What must not be lost: the browser keeps the conversation over a reload, and the server keeps it on the disk.

import { makeToken } from "./conversation.js";

const KEY = "lora-workbench-talk-1";

// Each tab of the browser has a conversation of its own; a new tab begins with the latest, and votes for itself.
export function recall() {
  const own = JSON.parse(sessionStorage.getItem(KEY));
  return own ?? { ...JSON.parse(localStorage.getItem(KEY)), mark: makeToken() };
}

export class Keeper {
  constructor(talk) {
    this.talk = talk;
    this.isSaving = false;
  }

  keep() {
    const words = JSON.stringify(this.talk.kept);
    for (const storage of [sessionStorage, localStorage]) remember(storage, words);
  }

  // One after another: each goes on from the version that the one before has made.
  async save() {
    this.isWanted = true;
    if (this.isSaving) return;
    this.isSaving = true;
    while (this.isWanted) await this.saveNow();
    this.isSaving = false;
  }

  async saveNow() {
    this.isWanted = false;
    const { kept } = this.talk;
    const { mark } = kept;
    if (!kept.conversation.exchanges.length) return;
    const { reference, problem } = await this.talk.call("keep_talk", kept);
    if (problem) this.talk.note.fail(problem);
    else if (mark === kept.mark) kept.reference = reference;
    this.keep();
  }
}

// A browser keeps about five megabytes of a page. What is too long is forgotten, as an older one would mislead.
function remember(storage, words) {
  try {
    storage.setItem(KEY, words);
  } catch {
    storage.removeItem(KEY);
  }
}
