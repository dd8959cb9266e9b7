// Sliders beside fields of numbers. The field stays what the form is read from: a slider writes into it, and tells the
// form when it is let go.

const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;

// What stands in a field, as the form sends it.
export function valueOf(field) {
  if (field.type !== "number") return field.value;
  return Number.isNaN(field.valueAsNumber) ? null : field.valueAsNumber;
}

export class Sliders {
  constructor(fields, word, onMove) {
    this.stops = Object.entries(fields).filter(([, { stops }]) => stops.length);
    this.word = word;
    this.onMove = onMove;
    this.sliders = [];
  }

  place() {
    for (const [id, { path, stops }] of this.stops) {
      const block = document.getElementById(id);
      const field = block?.querySelector("input:not(.slider)");
      if (!field || block.querySelector(".slider")) continue;
      const slider = this.make(block, stops);
      this.sliders = this.sliders.filter((other) => other.slider.isConnected).concat({ slider, block, stops });
      slider.addEventListener("input", (event) => this.move(event, path, stops));
      slider.addEventListener("change", () => fieldOf(block).dispatchEvent(new Event("input", { bubbles: true })));
      block.append(slider);
      show(slider, block, stops);
    }
  }

  make(block, stops) {
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", className: "slider", min: 0, max: stops.length - 1, step: 1 });
    const label = block.querySelector("[data-testid=block-info]")?.textContent ?? "";
    slider.setAttribute("aria-label", label.replace(/\(.*/s, "").trim() + ", " + this.word);
    return slider;
  }

  move(event, path, stops) {
    // The form is told when the slider is let go.
    event.stopPropagation();
    const slider = event.target;
    const field = fieldOf(slider.parentElement);
    setValue.call(field, stops[slider.value]);
    slider.setAttribute("aria-valuetext", stops[slider.value]);
    this.onMove(path, valueOf(field));
  }

  sync() {
    for (const { slider, block, stops } of this.sliders) if (!slider.matches(":active")) show(slider, block, stops);
  }
}

function fieldOf(block) {
  return block.querySelector("input:not(.slider)");
}

// At the stop that is nearest to what stands in the field, or to what auto became.
function show(slider, block, stops) {
  const field = fieldOf(block);
  const number = Number(field.value || field.placeholder.replace("auto: ", "")) || stops[0];
  const distances = stops.map((stop) => Math.abs(Math.log(stop / number)));
  slider.value = distances.indexOf(Math.min(...distances));
  slider.disabled = field.disabled;
  slider.setAttribute("aria-valuetext", field.value || field.placeholder);
}
