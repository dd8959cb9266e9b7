// Numbers as a person reads them.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const NONE = "–";

// Losses and norms: two digits after the point, more where all of them would be zero.
export function loss(value) {
  if (value == null) return NONE;
  return Math.abs(value) >= 0.1 || value === 0 ? value.toFixed(2) : value.toPrecision(2);
}

export function rate(value) {
  if (value == null) return NONE;
  if (value === 0) return "0";
  return value >= 0.001 ? String(Number(value.toPrecision(2))) : value.toExponential(1).replace("e-", "e−");
}

export function count(value) {
  return value == null ? NONE : whole.format(value);
}

export function gigabytes(value) {
  return value < 99.5 ? value.toFixed(1) : value.toFixed(0);
}

export function duration(seconds) {
  const rounded = Math.round(seconds);
  if (rounded < 60) return rounded + " s";
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return minutes + " min " + (rounded % 60) + " s";
  return Math.floor(minutes / 60) + " h " + (minutes % 60) + " min";
}

export function bytes(value) {
  return value < 1e9 ? (value / 1e6).toFixed(1) + " MB" : (value / 1e9).toFixed(1) + " GB";
}
