// Which rank each layer was left with: a bar each, in a fold.

import { make } from "./dom.js";

export function rankFold(ranks) {
  const layers = Object.entries(ranks);
  if (!layers.length) return [];
  const largest = Math.max(...layers.map(([, rank]) => rank));
  const total = layers.reduce((sum, [, rank]) => sum + rank, 0);
  const summary = make("summary", {}, "Rank by layer (" + (total / layers.length).toFixed(1) + " on average)");
  const rows = layers.map(([name, rank]) => row(name, rank, largest));
  return [make("details", { class: "live-ranks" }, summary, make("ol", { tabindex: "0", "aria-label": "Rank by layer" }, ...rows))];
}

function row(name, rank, largest) {
  const bar = make("i", { style: "width: " + (100 * rank) / largest + "%" });
  return make("li", {}, make("span", {}, name), make("span", { class: "live-rank-bar", "aria-hidden": "true" }, bar), make("b", {}, String(rank)));
}
