// The points of a run as the page has received them.

const NAMES = ["step", "loss", "smoothed", "learning_rate", "grad_norm", "tokens_per_second"];
const CROWDED_POINTS = 3000;

export class Series {
  constructor() {
    this.clear();
  }

  clear() {
    for (const name of NAMES) this[name] = [];
    this.evaluations = [];
  }

  take({ full, series, evaluations }) {
    if (full) this.clear();
    for (const name of NAMES) this[name].push(...series[name]);
    this.evaluations = evaluations;
  }

  // Beyond this the page asks for everything again, and the server thins it.
  isCrowded() {
    return this.step.length > CROWDED_POINTS;
  }
}
