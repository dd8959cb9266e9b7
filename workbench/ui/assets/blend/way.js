// The way of blending: what it does, and only the settings that it has.

import { make, setText } from "../live/dom.js";

export class Way {
  constructor(blend) {
    this.slots = blend.slots;
    this.fields = [...blend.root.querySelectorAll("[data-field]")];
    this.slots.density.value = 0.5;
    this.slots.seed.value = 0;
    this.slots.way.addEventListener("change", () => {
      this.show();
      blend.change();
    });
    for (const name of ["density", "rank", "seed"]) this.slots[name].addEventListener("input", () => blend.change());
  }

  draw({ ways, limits }) {
    this.ways = new Map(ways.map((way) => [way.name, way]));
    this.slots.density.min = limits.least_density;
    this.slots.density.max = 1;
    if (!this.slots.way.options.length) this.slots.way.append(...ways.map(({ name, label }) => make("option", { value: name }, label)));
    this.show();
  }

  show() {
    const way = this.ways.get(this.slots.way.value);
    const has = { density: way.has_density, rank: way.has_rank, seed: way.is_random };
    setText(this.slots.says, way.says);
    for (const field of this.fields) field.hidden = !has[field.dataset.field];
  }

  // An empty rank is left to the workbench; anything else is judged by the server.
  settings() {
    const { way, density, rank, seed } = this.slots;
    return { way: way.value, density: Number(density.value), rank: rank.value === "" ? null : Number(rank.value), seed: Number(seed.value) };
  }
}
