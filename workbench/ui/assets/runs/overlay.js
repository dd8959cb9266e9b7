// One chart with a line for each compared run, drawn by uPlot.

import { setText } from "../live/dom.js";
import * as format from "../live/format.js";
import { colourOf, dashOf } from "./lines.js";

const HEIGHT = 220;
const LONGEST_NAME = 18;
const FONT = "11px system-ui, sans-serif";

export class Overlay {
  constructor(box, readout, columns) {
    this.box = box;
    this.readout = readout;
    this.columns = columns;
    new ResizeObserver(() => this.fit()).observe(box);
    const redraw = () => this.plot?.redraw(false);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    new MutationObserver(redraw).observe(document.body, { attributeFilter: ["class"] });
  }

  show(runs) {
    this.runs = runs;
    this.plot?.destroy();
    this.plot = null;
    setText(this.readout, "");
    this.box.setAttribute("aria-label", runs.map((run) => run.name + ": " + this.describe(run)).join("; "));
    this.fit();
  }

  fit() {
    const width = this.box.clientWidth;
    if (!width || !this.runs?.length) return;
    if (!this.plot) this.create(width);
    else if (width !== this.plot.width) this.plot.setSize({ width, height: HEIGHT });
  }

  create(width) {
    const data = uPlot.join(this.runs.map((run) => [run[this.columns].step, run[this.columns].loss]));
    const options = {
      width,
      height: HEIGHT,
      legend: { show: false },
      padding: [8, 14, 0, 0],
      scales: { x: { time: false } },
      cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false } },
      series: [{}, ...this.runs.map((run, index) => this.line(index, run[this.columns].step.length === 1))],
      axes: [this.axis(26), this.axis(44)],
      hooks: { setCursor: [(plot) => setText(this.readout, this.readAt(plot.data, plot.cursor.idx))] },
    };
    this.plot = new uPlot(options, data, this.box);
  }

  // A single value makes no line, so it is a point.
  line(index, isSingle) {
    const stroke = () => this.ink(colourOf(index));
    return { stroke, width: 2, dash: dashOf(index), points: { show: isSingle, size: 8, fill: stroke } };
  }

  axis(size) {
    const grid = { stroke: () => this.ink("--runs-grid"), width: 1 };
    return { stroke: () => this.ink("--runs-quiet"), font: FONT, size, gap: 4, grid, ticks: { show: false } };
  }

  // Looked up at each drawing, so that dark and light may change under the chart.
  ink(name) {
    return getComputedStyle(this.box).getPropertyValue(name);
  }

  readAt([steps, ...lines], index) {
    if (index == null) return "";
    const parts = lines.map((values, line) => shortened(this.runs[line].name) + " " + format.loss(latest(values, index)));
    return "step " + format.count(steps[index]) + ": " + parts.join(" · ");
  }

  describe(run) {
    const { step, loss } = run[this.columns];
    if (!step.length) return "nothing measured";
    return "from " + format.loss(loss[0]) + " to " + format.loss(loss.at(-1)) + " at step " + format.count(step.at(-1));
  }
}

// Long names would move the charts about while the mouse moves; the legend has them whole.
function shortened(name) {
  return name.length > LONGEST_NAME ? name.slice(0, LONGEST_NAME - 1) + "…" : name;
}

// The runs were not measured at the same steps: the value of a line is its last one before.
function latest(values, index) {
  while (index > 0 && values[index] == null) index -= 1;
  return values[index];
}
