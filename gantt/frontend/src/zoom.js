const DAY = 24 * 3600 * 1000;
const levels = [
  { name: "Year", scales: [{ unit: "year", step: 1, format: "%Y" }], minCellWidth: 80, maxCellWidth: 400, days: 365 },
  { name: "Quarter", scales: [{ unit: "year", step: 1, format: "%Y" }, { unit: "quarter", step: 1, format: "Q%Q" }], minCellWidth: 70, maxCellWidth: 300, days: 91 },
  { name: "Month", scales: [{ unit: "year", step: 1, format: "%Y" }, { unit: "month", step: 1, format: "%M" }], minCellWidth: 60, maxCellWidth: 300, days: 30 },
  { name: "Week", scales: [{ unit: "month", step: 1, format: "%F %Y" }, { unit: "week", step: 1, format: "Week %w" }], minCellWidth: 70, maxCellWidth: 300, days: 7 },
  { name: "Day", scales: [{ unit: "month", step: 1, format: "%F %Y" }, { unit: "day", step: 1, format: "%j" }], minCellWidth: 32, maxCellWidth: 200, days: 1 },
  { name: "Hour", scales: [{ unit: "day", step: 1, format: "%l, %j %F" }, { unit: "hour", step: 1, format: "%H:%i" }], minCellWidth: 48, maxCellWidth: 150, days: 1 / 24 },
];

export const ZOOM_NAMES = levels.map(level => level.name);

/** Zoom settings of the widget, opened at level `name`; it changes them in place, so every chart gets its own. */
export function zoomSettings(name) {
  return { level: Math.max(0, ZOOM_NAMES.indexOf(name)), levels: levels.map(level => ({ ...level })) };
}

/** The finest of day, week, month … that shows the whole project within `width` pixels. */
export function fittingLevel(tasks, width) {
  const times = tasks.flatMap(({ start, end }) => [start, end].filter(Boolean).map(Number));
  const span = times.reduce((a, b) => Math.max(a, b), -Infinity) - times.reduce((a, b) => Math.min(a, b), Infinity);
  const days = span > 0 ? span / DAY : 1;
  const fits = levels.filter(level => level.days >= 1 && (days / level.days) * level.minCellWidth <= width);
  return (fits.at(-1) ?? levels[0]).name;
}

/** Steps the chart to level `name`: the widget has only "finer" and "coarser". */
export function zoomTo(api, name) {
  const goal = ZOOM_NAMES.indexOf(name);
  for (let guard = levels.length; guard && api.getState().zoom.level !== goal; guard--) {
    // A ratio beyond the cell width's limits changes the level at once.
    api.exec("zoom-scale", api.getState().zoom.level < goal ? { dir: 1, ratio: 100 } : { dir: -1, ratio: 1 });
  }
}
