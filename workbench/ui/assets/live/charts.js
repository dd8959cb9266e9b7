// The curves of a run, drawn by uPlot: the loss, and three small ones below it whose cursor moves along.

import { make, setText } from "./dom.js";
import * as format from "./format.js";

const CURSOR = { y: false, points: { size: 6 }, drag: { x: true, y: false } };
const AXIS_FONT = "11px system-ui, sans-serif";
const LOSS_HEIGHT = 240;
const SMALL_HEIGHT = 90;
const SMALL = [
  { name: "learning_rate", title: "Learning rate", write: format.rate },
  { name: "grad_norm", title: "Gradient norm", write: format.loss },
  { name: "tokens_per_second", title: "Tokens/s", write: format.count },
];
const KEYS = ["each step", "smoothed", "held-out"];
const SMOOTHED = { steps: 10, share: 0.02 };

export class Charts {
  constructor(slots) {
    this.slots = slots;
    this.plots = [];
    this.logScale = false;
    this.zoomed = false;
    this.drawn = "";
    this.syncKey = "live-" + Math.random();
    this.smallBoxes = SMALL.map(({ title }) => smallBox(title));
    slots["small-charts"].append(...this.smallBoxes.map(({ box }) => box));
    slots.key.append(...KEYS.map((words, index) => make("span", { class: "live-key-" + index }, words)));
    slots["log-scale"].addEventListener("click", () => this.toggleLogScale());
    slots["zoom-out"].addEventListener("click", () => this.zoomOut());
    new ResizeObserver(() => this.fit()).observe(slots["loss-chart"]);
    this.followTheme();
  }

  show(answer, series) {
    this.series = series;
    const state = answer.generation + " " + answer.cursor + " " + series.evaluations.length;
    if (state === this.drawn && this.plots.length) return;
    if (answer.full && this.drawn.split(" ")[0] !== answer.generation) this.zoomed = false;
    this.drawn = state;
    this.describe(answer.numbers);
    this.draw();
  }

  draw() {
    if (!this.slots["loss-chart"].clientWidth) return;
    if (!this.plots.length) this.create();
    this.datasets().forEach((data, index) => this.fill(this.plots[index], data));
    this.slots["zoom-out"].hidden = !this.zoomed;
  }

  create() {
    const loss = this.slots["loss-chart"];
    const ties = { syncKey: this.syncKey, onZoom: () => this.markZoomed() };
    this.plots = [new uPlot(lossOptions(loss, this.logScale, ties), null, loss)];
    this.smallBoxes.forEach(({ chart, value }, index) => {
      this.plots.push(new uPlot(smallOptions(chart, SMALL[index], value, ties), null, chart));
    });
    loss.append(this.readout());
  }

  fill(plot, data) {
    plot.setData(data, !this.zoomed);
    if (this.zoomed) plot.redraw();
  }

  datasets() {
    const { step, loss, evaluations } = this.series;
    const smoothed = this.series.smoothed(smoothingSteps(step));
    const shown = this.logScale ? (values) => values.map((value) => (value > 0 ? value : null)) : (values) => values;
    const checks = [evaluations.map((check) => check.step), shown(evaluations.map((check) => check.loss))];
    const joined = uPlot.join([[step, shown(loss), shown(smoothed)], checks]);
    return [joined, ...SMALL.map(({ name }) => [step, this.series[name]])];
  }

  describe(numbers) {
    const words = "Loss by step: started at " + format.loss(numbers.first_loss) + ", now " + format.loss(numbers.loss);
    this.slots["loss-chart"].setAttribute("aria-label", words + ", held-out examples " + format.loss(numbers.eval_loss));
    SMALL.forEach(({ name, write }, index) => setText(this.smallBoxes[index].latest, write(numbers[name])));
  }

  // What the curves say under the cursor.
  readout() {
    const line = make("p", { class: "live-readout", "aria-hidden": "true" });
    const plot = this.plots[0];
    plot.hooks.setCursor = [() => setText(line, readAt(plot.data, plot.cursor.idx))];
    return line;
  }

  toggleLogScale() {
    this.logScale = !this.logScale;
    this.slots["log-scale"].setAttribute("aria-pressed", String(this.logScale));
    this.recreate();
  }

  markZoomed() {
    this.zoomed = true;
    this.slots["zoom-out"].hidden = false;
  }

  zoomOut() {
    this.zoomed = false;
    this.draw();
  }

  recreate() {
    for (const plot of this.plots) plot.destroy();
    this.plots = [];
    this.slots["loss-chart"].replaceChildren();
    this.zoomed = false;
    this.draw();
  }

  fit() {
    if (!this.plots.length) return this.series && this.draw();
    for (const plot of this.plots) {
      const width = plot.root.parentElement.clientWidth;
      if (width && width !== plot.width) plot.setSize({ width, height: plot.height });
    }
  }

  followTheme() {
    const redraw = () => this.plots.forEach((plot) => plot.redraw(false));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    new MutationObserver(redraw).observe(document.body, { attributeFilter: ["class"] });
  }
}

// Over ten steps; over more where ten are too few to be seen.
function smoothingSteps(step) {
  return Math.max(SMOOTHED.steps, SMOOTHED.share * ((step.at(-1) ?? 0) - (step[0] ?? 0)));
}

function smallBox(title) {
  const latest = make("span", { class: "live-quiet" });
  const value = make("span", { class: "live-hovered", "aria-hidden": "true" });
  const chart = make("div", { class: "live-small-chart", role: "img", "aria-label": title + " by step" });
  const box = make("figure", {}, make("figcaption", {}, title + " ", latest, value), chart);
  return { box, chart, latest, value };
}

function lossOptions(box, logScale, ties) {
  const scales = { x: { time: false }, y: logScale ? { distr: 3, range: closeRange } : {} };
  const series = [
    {},
    { stroke: ink(box, "--live-raw"), width: 1, points: { show: false } },
    { stroke: ink(box, "--live-accent"), width: 2.5, points: { show: false } },
    {
      stroke: ink(box, "--live-ink"),
      width: 1.5,
      dash: [5, 4],
      points: { show: true, size: 7, fill: ink(box, "--live-ground"), width: 1.5 },
    },
  ];
  const axes = [axis(box, 26), { ...axis(box, 44), values: writeTicks }];
  return { ...shared(box, LOSS_HEIGHT, ties), scales, series, axes };
}

function smallOptions(box, { write }, value, ties) {
  const options = shared(box, SMALL_HEIGHT, ties);
  options.hooks.setCursor = [(plot) => setText(value, hovered(plot, write))];
  const upright = { ...axis(box, 44), space: 26, values: (_, ticks) => ticks.map((tick) => write(tick)) };
  return {
    ...options,
    padding: [8, 14, 6, 0],
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, 1.1 * most || 1] } },
    series: [{}, { stroke: ink(box, "--live-accent"), width: 1.25, points: { show: false } }],
    axes: [{ show: false }, upright],
  };
}

function shared(box, height, { syncKey, onZoom }) {
  const cursor = { ...CURSOR, sync: { key: syncKey } };
  const hooks = { setSelect: [(plot) => plot.select.width > 0 && onZoom()] };
  return { width: box.clientWidth, height, legend: { show: false }, cursor, padding: [8, 14, 0, 0], hooks };
}

function axis(box, size) {
  const line = { stroke: ink(box, "--live-grid"), width: 1 };
  return { stroke: ink(box, "--live-quiet"), font: AXIS_FONT, size, gap: 4, grid: line, ticks: { show: false } };
}

// A colour looked up at each drawing, so that dark and light may change under the chart.
function ink(box, name) {
  return () => getComputedStyle(box).getPropertyValue(name);
}

function writeTicks(_, ticks) {
  return ticks.map((tick) => (tick == null ? "" : String(Number(tick.toPrecision(2)))));
}

function readAt([steps, loss, smoothed, evaluation], index) {
  if (index == null) return "";
  const words = ["step " + format.count(steps[index])];
  if (loss[index] != null) words.push("loss " + format.loss(loss[index]), "smoothed " + format.loss(smoothed[index]));
  if (evaluation[index] != null) words.push("held-out " + format.loss(evaluation[index]));
  return words.join(" · ");
}

function hovered({ cursor, data }, write) {
  return cursor.idx == null ? "" : write(data[1][cursor.idx]);
}

// Without it a logarithmic axis grows to whole powers of ten, and the curve shrinks.
function closeRange(_, least, most) {
  return least == null ? [0.1, 10] : [0.9 * least, 1.1 * most];
}
