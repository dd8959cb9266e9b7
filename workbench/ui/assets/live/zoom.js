// Which steps the charts show: all, or a stretch chosen with the mouse, the keyboard or the buttons. Of a stretch of a
// long run the points between those that the page has are asked for.

const FEWEST_STEPS = 4;
const STRETCH_URL = "/poll/stretch";

export class Zoom {
  // `cursorStep` tells the step under the cursor, if any; `onChange` draws anew.
  constructor(slots, cursorStep, onChange) {
    this.slots = slots;
    this.cursorStep = cursorStep;
    this.onChange = onChange;
    this.range = null;
    this.detail = null;
    slots["zoom-all"].addEventListener("click", () => this.showAll());
    slots["zoom-in"].addEventListener("click", () => this.scale(0.5));
    slots["zoom-out"].addEventListener("click", () => this.scale(2));
  }

  // The run that is on show, and its points; another attempt of it has other points.
  look({ run, generation }, series) {
    if (generation !== this.generation) this.forget();
    this.runId = run.id;
    this.generation = generation;
    this.series = series;
  }

  forget() {
    this.range = null;
    this.detail = null;
    this.mark();
  }

  showAll() {
    this.forget();
    this.onChange();
  }

  // Half or twice as much, around the cursor; without one, around the newest steps.
  scale(factor) {
    const [first, last] = this.shown();
    const middle = this.cursorStep() ?? last;
    const span = factor * (last - first);
    const start = middle - (factor * (middle - first));
    this.show(start, start + span);
  }

  // All that there is, where that is asked for.
  show(from, to) {
    const [first, last] = this.whole();
    const start = Math.max(first, Math.round(from));
    const end = Math.min(last, Math.max(Math.round(to), start + FEWEST_STEPS));
    if (start <= first && end >= last) return this.showAll();
    this.range = { first: Math.min(start, end - FEWEST_STEPS), last: end };
    this.mark();
    this.onChange();
    this.askForDetail();
  }

  shown() {
    return this.range ? [this.range.first, this.range.last] : this.whole();
  }

  whole() {
    return [this.series.step[0] ?? 0, this.series.step.at(-1) ?? 0];
  }

  mark() {
    this.slots["zoom-all"].hidden = !this.range;
    this.slots["zoom-out"].disabled = !this.range;
  }

  // The curves with what was asked for in the place of the few points there.
  columns() {
    if (!this.detail) return this.series;
    return this.series.withDetail(this.detail);
  }

  async askForDetail() {
    const { range, runId } = this;
    if (!this.series.lacks(range)) return;
    const question = new URLSearchParams({ run: runId, first: range.first, last: range.last });
    const answer = await fetch(STRETCH_URL + "?" + question).then((told) => told.json()).catch(() => null);
    if (range !== this.range || !answer?.series?.step.length) return;
    this.detail = answer.series;
    this.onChange();
  }
}
