// What the run takes of the machine, as bars with words.

import { make, setText } from "./dom.js";
import * as format from "./format.js";

const ENDED = ["finished", "stopped", "failed", "interrupted", "paused"];
const NOT_YET = "Measured once the run has begun.";

export class Machine {
  constructor(slots) {
    this.slots = slots;
    this.gauges = {};
  }

  show({ machine, phase }) {
    setText(this.slots["machine-when"], machine && ENDED.includes(phase) ? "when last measured" : "");
    if (!machine) {
      this.gauges = {};
      this.slots.machine.replaceChildren(make("p", { class: "live-quiet" }, NOT_YET));
      return;
    }
    for (const row of [memory(machine), processor(machine), video(machine), swap(machine), disk(machine)]) this.showRow(row);
  }

  showRow({ name, words, note, parts, most }) {
    if (!Object.keys(this.gauges).length) this.slots.machine.replaceChildren();
    const gauge = (this.gauges[name] ??= this.add(name, parts.length));
    setText(gauge.words, words);
    setText(gauge.note, note || "");
    if (!parts.length) return;
    const now = parts.reduce((sum, part) => sum + part, 0);
    parts.forEach((part, index) => (gauge.bar.children[index].style.width = Math.min(100, (100 * part) / most) + "%"));
    gauge.bar.setAttribute("aria-valuenow", now.toFixed(1));
    gauge.bar.setAttribute("aria-valuemax", most.toFixed(1));
    gauge.bar.setAttribute("aria-valuetext", words);
    gauge.bar.classList.toggle("live-full", now > 0.93 * most && name !== "CPU");
  }

  add(name, partCount) {
    const bar = make("div", { class: "live-gauge", role: "meter", "aria-label": name, "aria-valuemin": "0" });
    for (let index = 0; index < partCount; index++) bar.append(make("i"));
    const [words, note] = [make("span"), make("span", { class: "live-quiet" })];
    const box = make("div", { class: "live-meter" }, make("span", { class: "live-label" }, name), words, note);
    if (partCount) box.append(bar);
    this.slots.machine.append(box);
    return { bar, words, note };
  }
}

function memory({ ram_gb, peak_ram_gb, peak_gb, foretold_gb, limit_gb, machine_ram_used_gb }) {
  const others = Math.max(0, machine_ram_used_gb - ram_gb);
  const most = "at most " + format.gigabytes(peak_gb ?? peak_ram_gb);
  const foretold = foretold_gb == null || peak_gb == null ? "" : " of its own, " + format.gigabytes(foretold_gb) + " foretold";
  return {
    name: "RAM",
    words: "this run " + format.gigabytes(ram_gb) + " of " + format.gigabytes(limit_gb) + " GB",
    note: most + foretold + " · everything " + format.gigabytes(machine_ram_used_gb),
    parts: [ram_gb, others],
    most: limit_gb,
  };
}

function processor({ cpu_percent, machine_cpu_percent, cores, cpu }) {
  const words = Math.round(cpu_percent) + " %" + (cores ? " (" + cores + (cores === 1 ? " core)" : " cores)") : "");
  const most = 100 * (cores || 1);
  return { name: "CPU", words, note: cpu || "everything " + machine_cpu_percent + " %", parts: [Math.min(cpu_percent, most)], most };
}

function video({ gpu, vram_gb, vram_total_gb }) {
  if (vram_gb == null) return { name: "VRAM", words: gpu ? gpu + ", not in use" : "no GPU", parts: [] };
  const words = format.gigabytes(vram_gb) + " of " + format.gigabytes(vram_total_gb) + " GB";
  return { name: "VRAM", words, parts: [vram_gb], most: vram_total_gb };
}

function swap({ swap_gb }) {
  return { name: "Swap", words: swap_gb < 0.05 ? "not in use" : format.gigabytes(swap_gb) + " GB in use", parts: [] };
}

function disk({ disk_free_gb }) {
  return { name: "Disk", words: format.gigabytes(disk_free_gb) + " GB free", parts: [] };
}
