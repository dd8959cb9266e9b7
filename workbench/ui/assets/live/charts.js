// The curves of a run, drawn by uPlot: the loss, and three small ones below it whose cursor moves along.

import { make, setText } from "./dom.js";
import * as format from "./format.js";
import { lossOptions, smallOptions } from "./plot_options.js";
import { readKeys } from "./keys.js";
import { Zoom } from "./zoom.js";

const SMALL = [
  { name: "learning_rate", title: "Learning rate", write: format.rate },
  { name: "grad_norm", title: "Gradient norm", write: format.loss },
  { name: "tokens_per_second", title: "Tokens/s", write: format.count },
];
const KEYS_HELP = "Left and right read values, plus and minus zoom, 0 shows all.";
const KEYS = ["each step", "smoothed", "held-out"];
// Over so many steps, and over more where those are too few to be seen: this share of what is shown.
const SMOOTHING = { light: [4, 0.005], medium: [10, 0.02], strong: [40, 0.08] };

export class Charts {
  constructor(slots) {
    this.slots = slots;
    this.plots = [];
    this.logScale = false;
    this.drawn = "";
    this.syncKey = "live-" + Math.random();
    this.smallBoxes = SMALL.map(({ title }) => smallBox(title));
    this.zoom = new Zoom(slots, () => this.cursorStep(), () => this.draw());
    slots["small-charts"].append(...this.smallBoxes.map(({ box }) => box));
    slots.key.append(...KEYS.map((words, index) => make("span", { class: "live-key-" + index }, words)));
    slots["log-scale"].addEventListener("click", () => this.toggleLogScale());
    slots.smoothing.addEventListener("change", () => this.draw());
    readKeys(slots["loss-chart"], this);
    new ResizeObserver(() => this.fit()).observe(slots["loss-chart"]);
    this.followTheme();
  }

  show(answer, series) {
    const state = answer.generation + " " + answer.cursor + " " + series.evaluations.length;
    this.zoom.look(answer, series);
    if (state === this.drawn && this.plots.length) return;
    this.drawn = state;
    this.describe(answer.numbers);
    this.draw();
  }

  draw() {
    if (!this.slots["loss-chart"].clientWidth) return;
    if (!this.plots.length) this.create();
    this.datasets().forEach((data, index) => this.fill(this.plots[index], data));
  }

  create() {
    const loss = this.slots["loss-chart"];
    const ties = {
      syncKey: this.syncKey,
      onDrag: (plot) => this.zoomTo(plot),
      onDoubleClick: () => this.zoom.showAll(),
    };
    this.plots = [new uPlot(lossOptions(loss, this.logScale, ties), null, loss)];
    this.smallBoxes.forEach(({ chart, value }, index) => {
      this.plots.push(new uPlot(smallOptions(chart, SMALL[index], value, ties), null, chart));
    });
    loss.append(this.readout());
  }

  fill(plot, data) {
    const { range } = this.zoom;
    plot.batch(() => {
      plot.setData(data, !range);
      if (range) plot.setScale("x", { min: range.first, max: range.last });
    });
  }

  datasets() {
    const series = this.zoom.columns();
    const { step, loss, evaluations } = series;
    const shown = this.logScale ? (values) => values.map((value) => (value > 0 ? value : null)) : (values) => values;
    const checks = [evaluations.map((check) => check.step), shown(evaluations.map((check) => check.loss))];
    const joined = uPlot.join([[step, shown(loss), shown(this.smoothed(series))], checks]);
    return [joined, ...SMALL.map(({ name }) => [step, series[name]])];
  }

  smoothed(series) {
    const strength = SMOOTHING[this.slots.smoothing.value];
    if (!strength) return series.step.map(() => null);
    const [first, last] = this.zoom.shown();
    const [steps, share] = strength;
    return series.smoothed(Math.max(steps, share * (last - first)));
  }

  describe(numbers) {
    const words = "Loss by step: started at " + format.loss(numbers.first_loss) + ", now " + format.loss(numbers.loss);
    const more = ", held-out examples " + format.loss(numbers.eval_loss) + ". " + KEYS_HELP;
    this.slots["loss-chart"].setAttribute("aria-label", words + more);
    SMALL.forEach(({ name, write }, index) => setText(this.smallBoxes[index].latest, write(numbers[name])));
  }

  // What the curves say under the cursor.
  readout() {
    const line = make("p", { class: "live-readout" });
    const plot = this.plots[0];
    plot.hooks.setCursor = [() => setText(line, readAt(plot.data, plot.cursor.idx))];
    return line;
  }

  toggleLogScale() {
    this.logScale = !this.logScale;
    this.slots["log-scale"].setAttribute("aria-pressed", String(this.logScale));
    this.recreate();
  }

  // All charts are dragged over together; the first tells.
  zoomTo(plot) {
    const { left, width } = plot.select;
    for (const each of this.plots) each.setSelect({ left: 0, width: 0 }, false);
    this.zoom.show(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
  }

  cursorStep() {
    const index = this.plots[0]?.cursor.idx;
    return index == null ? null : this.plots[0].data[0][index];
  }

  recreate() {
    for (const plot of this.plots) plot.destroy();
    this.plots = [];
    this.slots["loss-chart"].replaceChildren();
    this.draw();
  }

  fit() {
    if (!this.plots.length) return this.zoom.series && this.draw();
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

function smallBox(title) {
  const latest = make("span", { class: "live-quiet" });
  const value = make("span", { class: "live-hovered", "aria-hidden": "true" });
  const chart = make("div", { class: "live-small-chart", role: "img", "aria-label": title + " by step" });
  const box = make("figure", {}, make("figcaption", {}, title + " ", latest, value), chart);
  return { box, chart, latest, value };
}

function readAt([steps, loss, smoothed, evaluation], index) {
  if (index == null) return "";
  const words = ["step " + format.count(steps[index])];
  if (loss[index] != null) words.push("loss " + format.loss(loss[index]));
  if (smoothed[index] != null) words.push("smoothed " + format.loss(smoothed[index]));
  if (evaluation[index] != null) words.push("held-out " + format.loss(evaluation[index]));
  return words.join(" · ");
}
