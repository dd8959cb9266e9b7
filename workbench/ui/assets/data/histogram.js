// How many rows have so many tokens, as a small drawing with its words for those who do not see it.

import { make } from "../live/dom.js";

const WIDTH = 420;
const HEIGHT = 96;
const BELOW = 18;

export function drawHistogram({ width, counts, longest }, { max_length: limit, tokens }) {
  const most = Math.max(...counts, 1);
  const step = WIDTH / counts.length;
  const end = width * counts.length;
  const words = describe(counts, tokens, limit, longest);
  const chart = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT + BELOW}`, role: "img", "aria-label": words });
  counts.forEach((count, place) => chart.append(bar(count, most, place, step, width, limit)));
  chart.append(svg("line", { x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT, class: "data-axis" }));
  chart.append(label(0, "start", "0"), label(WIDTH, "end", (longest >= end ? "more than " : "") + Math.min(end, longest).toLocaleString("en")));
  if (limit < end) chart.append(...limitLine((limit / end) * WIDTH, limit));
  const caption = "Tokens in a row" + (limit < end ? "" : "; none is longer than the " + limit.toLocaleString("en") + " that are set");
  return [make("figcaption", {}, caption), chart];
}

function bar(count, most, place, step, width, limit) {
  // A single row must still be seen.
  const height = count ? Math.max(1.5, (count / most) * (HEIGHT - 12)) : 0;
  const kind = place * width >= limit ? "data-over" : "data-within";
  const node = svg("rect", { x: place * step, y: HEIGHT - height, width: Math.max(0.5, step - 1), height, class: kind });
  const title = svg("title", {});
  title.textContent = `${(place * width).toLocaleString("en")} tokens and more: ${count.toLocaleString("en")} rows`;
  node.append(title);
  return node;
}

function limitLine(x, limit) {
  const words = svg("text", { x: x > WIDTH / 2 ? x - 4 : x + 4, y: 9, "text-anchor": x > WIDTH / 2 ? "end" : "start" });
  words.textContent = `longest example: ${limit.toLocaleString("en")}`;
  return [svg("line", { x1: x, x2: x, y1: 0, y2: HEIGHT, class: "data-limit" }), words];
}

function label(x, anchor, words) {
  const node = svg("text", { x, y: HEIGHT + 13, "text-anchor": anchor });
  node.textContent = words;
  return node;
}

function describe(counts, tokens, limit, longest) {
  return `Lengths of the rows: half have up to ${tokens.p50} tokens, nine in ten up to ${tokens.p90}, the longest ${longest}. The longest example that is set is ${limit}.`;
}

function svg(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
