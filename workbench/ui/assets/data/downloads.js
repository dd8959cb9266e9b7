// Links to what was made of the data: the rows as they are understood, and those that were left out.

import { make } from "../live/dom.js";

const FILES = [
  ["accepted.jsonl", "Accepted rows (JSONL)"],
  ["rejected.jsonl", "Rows left out (JSONL)"],
  ["rejected.csv", "Rows left out (CSV)"],
];

export class Downloads {
  constructor(view) {
    this.view = view;
    this.slots = view.slots;
  }

  show({ state, set }) {
    this.slots["download-fold"].hidden = state !== "ready";
    const settings = encodeURIComponent(JSON.stringify(this.view.settings));
    const links = FILES.map(([file, words]) => make("a", { href: `/data/${file}?settings=${settings}`, download: `${set}-${file}` }, words));
    this.slots.download.replaceChildren(...links);
  }
}
