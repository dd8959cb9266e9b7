// How the compared runs are told apart: each has a colour and, for whoever cannot tell those, a pattern of dashes.

const SPACE = "http://www.w3.org/2000/svg";
const DASHES = [[], [9, 5], [2, 4], [12, 4, 2, 4], [12, 4, 2, 4, 2, 4], [22, 6]];

export const MOST = DASHES.length;

// The name of the variable that holds the colour, dark or light.
export function colourOf(index) {
  return "--runs-line-" + index;
}

export function dashOf(index) {
  return DASHES[index];
}

// The same line as in the charts, to stand before the name of its run.
export function sample(index) {
  const drawing = document.createElementNS(SPACE, "svg");
  drawing.setAttribute("viewBox", "0 0 36 10");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SPACE, "line");
  const places = { x1: 0, y1: 5, x2: 36, y2: 5, "stroke-dasharray": dashOf(index).join(" ") };
  for (const [name, value] of Object.entries(places)) line.setAttribute(name, value);
  line.style.stroke = `var(${colourOf(index)})`;
  drawing.append(line);
  return drawing;
}
