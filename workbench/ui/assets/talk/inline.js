// Emphasis and code within a line. Links and images are shown as they were written.

import { make } from "../live/dom.js";

// Each is tried once where it could begin and ends in its own line, so that no text takes long.
const MARKS = /`([^`\n]{1,2000})`|\*\*([^*\n]{1,2000})\*\*|__([^_\n]{1,2000})__|\*([^*\s][^*\n]{0,2000})\*|~~([^~\n]{1,2000})~~/g;
const TAGS = ["code", "strong", "strong", "em", "s"];

export function inline(text) {
  const made = [];
  let end = 0;
  for (const found of text.matchAll(MARKS)) {
    const kind = TAGS.findIndex((_, index) => found[index + 1] !== undefined);
    made.push(text.slice(end, found.index), make(TAGS[kind], {}, found[kind + 1]));
    end = found.index + found[0].length;
  }
  return [...made, text.slice(end)].filter((part) => part !== "");
}
