// What is new in a text beside an earlier one, word by word.

import { make } from "./dom.js";

const MOST_WORDS = 300;
const LEAST_KEPT = 0.2;

// The later text as nodes, its new words marked; unmarked where hardly a word stayed, as all would be marked.
export function marked(before, after) {
  const [old, now] = [before.split(/\s+/), after.split(/(\s+)/)];
  const words = now.filter((_, index) => index % 2 === 0);
  if (old.length > MOST_WORDS || words.length > MOST_WORDS) return [after];
  const kept = common(old, words);
  if (kept.size < LEAST_KEPT * words.length) return [after];
  return now.map((part, index) => (index % 2 || kept.has(index / 2) ? part : make("mark", {}, part)));
}

// The places of the words that belong to the longest sequence both have in common.
function common(old, words) {
  const lengths = commonLengths(old, words);
  const places = new Set();
  let [i, j] = [0, 0];
  while (i < old.length && j < words.length) {
    if (old[i] === words[j]) {
      places.add(j);
      i += 1;
      j += 1;
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  return places;
}

// How long that sequence is from each pair of places on.
function commonLengths(old, words) {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array(words.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = words.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = old[i] === words[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}
