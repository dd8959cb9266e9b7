// Asks for the plan of a setting that is being moved, and shows it in place of the form's own, which comes later.

export class Follower {
  constructor(plan, url) {
    this.plan = plan;
    this.url = url;
    this.settings = {};
    this.forget();
  }

  forget() {
    this.moved = {};
    this.drawn = null;
    this.isHeld = false;
  }

  // A slider that is held has not told the form yet.
  move(path, value, isHeld) {
    this.isHeld = isHeld;
    // One answer of the form may be on its way that knows nothing of this.
    this.grace = 1;
    if (this.drawn && this.moved[path] === value) return;
    this.moved = { ...this.moved, [path]: value };
    this.ask();
  }

  // One question at a time, the last of which always counts.
  async ask() {
    this.isWanted = true;
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.isWanted) {
      this.isWanted = false;
      await this.askOnce();
    }
    this.isAsking = false;
  }

  async askOnce() {
    const body = JSON.stringify({ settings: this.settings, moved: this.moved });
    const answer = await fetch(this.url, { method: "POST", body }).catch(() => null);
    const words = answer?.ok ? await answer.text() : "";
    // Else the form has answered meanwhile.
    if (words && Object.keys(this.moved).length) this.draw(words);
  }

  draw(words) {
    this.drawn = new DOMParser().parseFromString(words, "text/html").querySelector(".planned");
    this.put(this.box());
  }

  // What is within it: the box itself belongs to gradio, which looks for it.
  put(box) {
    if (!box) return;
    box.className = this.drawn.className;
    if (this.drawn.dataset.settings) box.dataset.settings = this.drawn.dataset.settings;
    else delete box.dataset.settings;
    box.replaceChildren(...this.drawn.cloneNode(true).childNodes);
    this.known = signatureOf(box);
  }

  box() {
    return this.plan.querySelector(".planned");
  }

  // What the form has answered since. An answer that is older than what is shown does not replace it.
  notice() {
    const box = this.box();
    if (!box || signatureOf(box) === this.known) return;
    this.known = signatureOf(box);
    const settings = settingsOf(box);
    if (settings) this.settings = settings;
    if (!this.isOlder(settings)) this.forget();
    else if (this.drawn) this.put(box);
  }

  isOlder(settings) {
    return this.isHeld || (this.drawn && this.differs(settings) && this.grace-- > 0);
  }

  differs(settings) {
    const ours = settingsOf(this.drawn);
    if (!settings || !ours) return Boolean(settings) !== Boolean(ours);
    return Object.keys(this.moved).some((path) => JSON.stringify(settings[path]) !== JSON.stringify(ours[path]));
  }
}

// Gradio changes the box where it stands: that it is another plan is told by what it says, its folds left aside.
function signatureOf(box) {
  return `${box.dataset.settings} ${box.textContent}`;
}

function settingsOf(box) {
  return box.dataset.settings ? JSON.parse(box.dataset.settings) : null;
}
