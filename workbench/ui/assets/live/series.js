// The points of a run as the page has received them, and their moving average.

const NAMES = ["step", "loss", "mean", "learning_rate", "grad_norm", "tokens_per_second"];
const CROWDED_POINTS = 3000;
const ENOUGH_POINTS = 400;

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
    this.evaluations.push(...evaluations);
  }

  // Beyond this the page asks for everything again, and the server thins it.
  isCrowded() {
    return this.step.length > CROWDED_POINTS;
  }

  // Whether there is more to show of a stretch than the page has.
  lacks({ first, last }) {
    const known = this.step.filter((step) => step >= first && step <= last).length;
    return known < Math.min(last - first + 1, ENOUGH_POINTS);
  }

  // The same run with the points of a stretch in the place of those that were known there.
  withDetail(detail) {
    const [first, last] = [detail.step[0], detail.step.at(-1)];
    const start = this.step.findIndex((step) => step >= first);
    const end = this.step.findLastIndex((step) => step <= last) + 1;
    const finer = new Series();
    finer.evaluations = this.evaluations;
    for (const name of NAMES) finer[name] = [...this[name].slice(0, start), ...detail[name], ...this[name].slice(end)];
    return finer;
  }

  // Over about so many steps, corrected for the start so that the first values are not pulled towards zero. A point
  // counts for all the steps since the one before it, whose mean loss it has.
  smoothed(steps) {
    const weight = 1 - 1 / steps;
    let [sum, mass, before] = [0, 0, 0];
    return this.mean.map((mean, index) => {
      if (mean == null) return null;
      const kept = weight ** (this.step[index] - before);
      before = this.step[index];
      sum = kept * sum + (1 - kept) * mean;
      mass = kept * mass + (1 - kept);
      return sum / mass;
    });
  }
}
