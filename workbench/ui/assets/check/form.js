// What is to be checked. After each change the server says how long it will take, or why it cannot be.

import { make, setText } from "../live/dom.js";

const WAIT_MILLISECONDS = 200;
const LARGEST_BYTES = 1_000_000;

export class Form {
  constructor(check) {
    this.check = check;
    this.slots = check.slots;
    this.asked = 0;
    this.mayStart = true;
    this.slots.form.addEventListener("input", (event) => this.change(event.target));
    this.slots.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin();
    });
  }

  draw(known) {
    offer(this.slots.run, known.runs.map(({ id, name }) => [id, name]));
    this.slots.run.value = known.run;
    offer(this.slots.data, [["", "None"], ...known.sets.map((name) => [name, name])]);
    for (const [part, count] of Object.entries(known.counts)) this.drawPart(part, count);
    this.drawOthers(known.others);
    this.plan();
  }

  drawPart(part, count) {
    const box = this.box(part);
    setText(box.parentElement.querySelector("i"), count ? `(${count.toLocaleString("en")})` : "(none)");
    box.disabled = !count;
  }

  drawOthers(others) {
    this.slots["others-field"].hidden = !others.length;
    const chosen = new Set(this.others());
    const ticks = others.map(({ id, name }) => {
      const box = make("input", { type: "checkbox", value: id });
      box.checked = chosen.has(id);
      return make("label", { class: "check-tick" }, box, make("span", {}, name));
    });
    this.slots.others.replaceChildren(...ticks);
  }

  others() {
    return [...this.slots.others.querySelectorAll("input:checked")].map((box) => box.value);
  }

  box(part) {
    return this.slots.form.querySelector(`[data-part="${part}"]`);
  }

  wish() {
    const { data, count, answers, scores, forgetting } = this.slots;
    return {
      run: this.check.run,
      parts: ["held_out", "training"].filter((part) => this.box(part).checked && !this.box(part).disabled),
      data: data.value,
      others: this.others(),
      count: Math.round(Number(count.value)),
      answers: answers.checked,
      scores: scores.checked,
      forgetting: forgetting.checked,
    };
  }

  change(field) {
    if (field === this.slots.run) return this.check.visit(field.value);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.plan(), WAIT_MILLISECONDS);
  }

  // Only the answer to the last question counts.
  async plan() {
    const number = ++this.asked;
    const answer = await this.check.call("check_plan", this.wish());
    if (number !== this.asked) return;
    this.isSound = !answer.problem;
    const { plan } = this.slots;
    const words = answer.problem ? [answer.problem.message, answer.problem.hint] : [answer.time + ".", ...answer.notes];
    setText(plan, capital(words.join(" ")));
    plan.classList.toggle("check-wrong", !this.isSound);
    this.allow(this.mayStart);
  }

  // One check of a run at a time.
  allow(mayStart) {
    this.mayStart = mayStart;
    this.slots.start.disabled = !mayStart || !this.isSound;
  }

  async begin() {
    this.slots.start.disabled = true;
    const [file] = this.slots.text.files;
    if (file && file.size > LARGEST_BYTES) {
      this.check.say({ message: `“${file.name}” has ${(file.size / 1e6).toFixed(1)} MB.`, hint: "Choose a text of at most 1 MB." });
    } else {
      await this.check.begin({ ...this.wish(), text: file ? await readFile(file) : "" });
    }
    this.allow(this.mayStart);
  }
}

// As base64, so that what is no text arrives as it is and is refused.
async function readFile(file) {
  const url = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
  return url.slice(url.indexOf(",") + 1);
}

// The choice stays where it is while it can be chosen.
function offer(menu, options) {
  const chosen = menu.value;
  menu.replaceChildren(...options.map(([value, words]) => make("option", { value }, words)));
  menu.value = options.some(([value]) => value === chosen) ? chosen : options[0][0];
}

function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
