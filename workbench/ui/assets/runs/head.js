// Above the list: search, order, how many runs there are, and what to do while there are none.

import { setText } from "../live/dom.js";
import * as format from "../live/format.js";

const PATIENCE_MILLISECONDS = 150;
const NO_RUNS = "No runs yet. Start one in the Train tab; it will be listed here while it trains and afterwards.";
const NOTHING_FOUND = "No run holds these words. Search looks at names, notes, models, data and methods.";

export class Head {
  constructor(list) {
    this.slots = list.slots;
    const { words, sort } = this.slots;
    words.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => list.look({ words: words.value }), PATIENCE_MILLISECONDS);
    });
    sort.addEventListener("change", () => list.look({ sort: sort.value }));
  }

  show({ found, total, bytes }) {
    const { head, empty, table } = this.slots;
    head.hidden = total === 0;
    table.hidden = found === 0;
    empty.hidden = found > 0;
    setText(empty, total === 0 ? NO_RUNS : NOTHING_FOUND);
    setText(this.slots.total, totalOf(found, total, bytes));
  }
}

function totalOf(found, total, bytes) {
  const runs = total === 1 ? "1 run" : format.count(total) + " runs";
  const size = format.bytes(bytes) + " on disk";
  return found === total ? runs + " · " + size : format.count(found) + " of " + runs + " · " + size + " in all";
}
