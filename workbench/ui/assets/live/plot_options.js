// How the charts of a run look, as uPlot takes it.

import { setText } from "./dom.js";

const AXIS_FONT = "11px system-ui, sans-serif";
const LOSS_HEIGHT = 240;
const SMALL_HEIGHT = 90;

// `ties` joins the charts: the key by which their cursors move together, and what to do where one is dragged over.
export function lossOptions(box, logScale, ties) {
  const scales = { x: { time: false }, y: logScale ? { distr: 3, range: closeRange } : {} };
  const series = [
    {},
    { stroke: ink(box, "--live-raw"), width: 1, points: { show: false } },
    { stroke: ink(box, "--live-accent"), width: 2.5, points: { show: false } },
    {
      stroke: ink(box, "--live-ink"),
      width: 1.5,
      dash: [5, 4],
      points: { show: true, size: 7, fill: ink(box, "--live-ground"), width: 1.5 },
    },
  ];
  const axes = [axis(box, 26), { ...axis(box, 44), values: writeTicks }];
  return { ...shared(box, LOSS_HEIGHT, ties), scales, series, axes };
}

export function smallOptions(box, { write }, value, ties) {
  const options = shared(box, SMALL_HEIGHT, ties);
  options.hooks.setCursor = [(plot) => setText(value, hovered(plot, write))];
  const upright = { ...axis(box, 44), space: 26, values: (_, ticks) => ticks.map((tick) => write(tick)) };
  return {
    ...options,
    padding: [8, 14, 6, 0],
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, 1.1 * most || 1] } },
    series: [{}, { stroke: ink(box, "--live-accent"), width: 1.25, points: { show: false } }],
    axes: [{ show: false }, upright],
  };
}

function shared(box, height, { syncKey, onDrag, onDoubleClick }) {
  const cursor = {
    y: false,
    points: { size: 6 },
    drag: { x: true, y: false, setScale: false },
    sync: { key: syncKey },
    bind: { dblclick: () => onDoubleClick },
  };
  const hooks = { setSelect: [(plot) => plot.select.width > 0 && onDrag(plot)] };
  return { width: box.clientWidth, height, legend: { show: false }, cursor, padding: [8, 14, 0, 0], hooks };
}

function axis(box, size) {
  const line = { stroke: ink(box, "--live-grid"), width: 1 };
  return { stroke: ink(box, "--live-quiet"), font: AXIS_FONT, size, gap: 4, grid: line, ticks: { show: false } };
}

// A colour looked up at each drawing, so that dark and light may change under the chart.
function ink(box, name) {
  return () => getComputedStyle(box).getPropertyValue(name);
}

function writeTicks(_, ticks) {
  return ticks.map((tick) => (tick == null ? "" : String(Number(tick.toPrecision(2)))));
}

function hovered({ cursor, data }, write) {
  return cursor.idx == null ? "" : write(data[1][cursor.idx]);
}

// Without it a logarithmic axis grows to whole powers of ten, and the curve shrinks.
function closeRange(_, least, most) {
  return least == null ? [0.1, 10] : [0.9 * least, 1.1 * most];
}
