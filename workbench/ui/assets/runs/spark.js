// A loss curve the size of a word. Each has a scale of its own: it shows the shape, the figures beside it the height.

const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 110;
const HEIGHT = 26;
const MARGIN = 2;

export function spark(values, words) {
  const drawing = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words || "No loss yet" });
  if (values.length > 1) drawing.append(element("polyline", { points: pointsOf(values) }), lastOf(values));
  return drawing;
}

function pointsOf(values) {
  return values.map((value, index) => place(values, value, index).join(",")).join(" ");
}

function lastOf(values) {
  const [cx, cy] = place(values, values.at(-1), values.length - 1);
  return element("circle", { cx, cy, r: 2 });
}

function place(values, value, index) {
  const least = Math.min(...values);
  const range = Math.max(...values) - least || 1;
  const x = MARGIN + (index / (values.length - 1)) * (WIDTH - 2 * MARGIN);
  const y = MARGIN + (1 - (value - least) / range) * (HEIGHT - 2 * MARGIN);
  return [x.toFixed(1), y.toFixed(1)];
}

function element(tag, attributes) {
  const node = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
