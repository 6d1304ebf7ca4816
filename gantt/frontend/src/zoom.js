const DAY = 24 * 3600 * 1000;
const month = { unit: "month", step: 1, format: "%F %Y" };
const year = { unit: "year", step: 1, format: "%Y" };
// From the coarsest to the finest; `days` in a cell of the lower row, which begins `width` pixels wide.
const levels = [
  { name: "Year", days: 365, width: 150, minCellWidth: 80, maxCellWidth: 400, scales: [year] },
  { name: "Quarter", days: 91, width: 120, minCellWidth: 70, maxCellWidth: 300, scales: [year, { unit: "quarter", step: 1, format: "Q%Q" }] },
  { name: "Month", days: 30, width: 100, minCellWidth: 60, maxCellWidth: 300, scales: [year, { unit: "month", step: 1, format: "%M" }] },
  { name: "Week", days: 7, width: 100, minCellWidth: 70, maxCellWidth: 300, scales: [month, { unit: "week", step: 1, format: "Week %w" }] },
  { name: "Day", days: 1, width: 36, minCellWidth: 32, maxCellWidth: 200, scales: [month, { unit: "day", step: 1, format: "%j" }] },
  { name: "Hour", days: 1 / 24, width: 48, minCellWidth: 48, maxCellWidth: 150, scales: [{ unit: "day", step: 1, format: "%l, %j %F" }, { unit: "hour", step: 1, format: "%H:%i" }] },
];

export const ZOOM_NAMES = levels.map(level => level.name);

/** Zoom and cell width of the widget at level `name`; it changes them in place, so every chart gets its own. */
export function zoomSettings(name) {
  const level = Math.max(0, ZOOM_NAMES.indexOf(name));
  return { zoom: { level, levels: levels.map(each => ({ ...each })) }, cellWidth: levels[level].width };
}

/** The finest of day, week, month … that shows the whole project within `width` pixels. */
export function fittingLevel(tasks, width) {
  const times = tasks.flatMap(({ start, end }) => [start, end].filter(Boolean).map(Number));
  const span = times.reduce((a, b) => Math.max(a, b), -Infinity) - times.reduce((a, b) => Math.min(a, b), Infinity);
  const days = span > 0 ? span / DAY : 1;
  const fits = levels.filter(level => level.days >= 1 && (days / level.days) * level.minCellWidth <= width);
  return (fits.at(-1) ?? levels[0]).name;
}

/** Steps the chart to level `name`, around its middle: the widget has only "finer" and "coarser". */
export function zoomTo(api, name) {
  const goal = ZOOM_NAMES.indexOf(name);
  const step = change => api.exec("zoom-scale", { ...change, offset: api.getState()._chartWidth / 2 });
  for (let guard = levels.length; guard && api.getState().zoom.level !== goal; guard--) {
    // A ratio beyond the cell width's limits changes the level at once.
    step(api.getState().zoom.level < goal ? { dir: 1, ratio: 100 } : { dir: -1, ratio: 1 });
  }
  const change = levels[goal].width / api.getState().cellWidth - 1;
  if (change) step({ dir: Math.sign(change), ratio: Math.abs(change) });
}
