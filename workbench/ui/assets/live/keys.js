// The loss chart by keyboard: the arrows move its cursor from point to point, plus and minus zoom, 0 shows all.

const MOVES = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20, Home: -Infinity, End: Infinity };

export function readKeys(box, charts) {
  box.addEventListener("keydown", (event) => {
    const action = actionOf(event.key, charts);
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
}

function actionOf(key, charts) {
  if (key in MOVES) return () => moveCursor(charts.plots, MOVES[key]);
  const { zoom } = charts;
  return { "+": () => zoom.scale(0.5), "=": () => zoom.scale(0.5), "-": () => zoom.scale(2), 0: () => zoom.showAll() }[key];
}

// To another point of those in view; at first from the newest.
function moveCursor(plots, distance) {
  if (!plots.length) return;
  const [plot] = plots;
  const steps = plot.data[0];
  const { min, max } = plot.scales.x;
  const first = steps.findIndex((step) => step >= min);
  const last = steps.findLastIndex((step) => step <= max);
  const from = plot.cursor.idx ?? last;
  const index = Math.min(last, Math.max(first, from + distance));
  for (const each of plots) each.setCursor({ left: each.valToPos(steps[index], "x"), top: 10 }, true, false);
}
