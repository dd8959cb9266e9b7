// The loss on each example, before and after: what lies below the line got better.

import { make } from "../live/dom.js";

const SIZE = 240;
const LEFT = 46;
const BELOW = 34;
const NAMES = { held_out: "held-out", training: "training", data: "set" };

export function drawScatter(points) {
  const most = Math.max(...points.map(({ before, after }) => Math.max(before, after)), 0.1) * 1.05;
  const better = points.filter(({ before, after }) => after < before).length;
  const words = `${better} of ${points.length} examples cost the tuned model less`;
  const chart = svg("svg", { viewBox: `0 0 ${SIZE + LEFT + 8} ${SIZE + BELOW + 8}`, role: "img", "aria-label": words });
  chart.append(svg("path", { d: `M${LEFT} 4V${SIZE + 4}H${SIZE + LEFT}`, class: "check-axis" }));
  chart.append(svg("line", { x1: LEFT, y1: SIZE + 4, x2: SIZE + LEFT, y2: 4, class: "check-diagonal" }));
  chart.append(...ticks(most), ...names());
  // Those that count most are drawn last, on top.
  const order = ["training", "data", "held_out"];
  const sorted = [...points].sort((one, other) => order.indexOf(one.part) - order.indexOf(other.part));
  chart.append(...sorted.map((point) => dot(point, most)));
  const parts = [...new Set(points.map(({ part }) => part))].map((part) => make("span", { class: "check-key", "data-part": part }, NAMES[part]));
  return [chart, make("figcaption", {}, words + ": below the line. ", ...parts)];
}

function dot({ part, before, after, words }, most) {
  const node = svg("circle", { cx: across(before, most), cy: up(after, most), r: 3.5, "data-part": part });
  const title = svg("title", {});
  title.textContent = `${words} ${before.toFixed(2)} → ${after.toFixed(2)}`.trim();
  node.append(title);
  return node;
}

function ticks(most) {
  const half = most / 2.1;
  return [half, 2 * half].flatMap((value) => [
    label(across(value, most), SIZE + 18, "middle", value.toFixed(1)),
    label(LEFT - 5, up(value, most) + 4, "end", value.toFixed(1)),
  ]);
}

function names() {
  const upright = label(10, SIZE / 2 + 4, "middle", "loss, tuned");
  upright.setAttribute("transform", `rotate(-90 10 ${SIZE / 2 + 4})`);
  return [label(LEFT + SIZE / 2, SIZE + BELOW, "middle", "loss, original"), upright];
}

function across(value, most) {
  return LEFT + (value / most) * SIZE;
}

function up(value, most) {
  return 4 + SIZE - (value / most) * SIZE;
}

function label(x, y, anchor, words) {
  const node = svg("text", { x, y, "text-anchor": anchor });
  node.textContent = words;
  return node;
}

function svg(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
