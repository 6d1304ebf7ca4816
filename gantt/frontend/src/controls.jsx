import { useEffect, useState } from "react";
import { ZOOM_NAMES, zoomTo } from "./zoom.js";

/** Search, zoom, today, baselines and the critical path: what the widget has no buttons for. */
export function Controls({ api, memory, baseline, critical }) {
  const today = useTodayInSight(api);
  return (
    <div className="chart-controls">
      <Search api={api} />
      <Zoom api={api} memory={memory} />
      <button type="button" className="chart-button" aria-label="Today" disabled={!today}
        title={today ? "Scroll to today" : "Today is outside of the project"} onClick={() => showToday(api)}>
        <i className="wxi-calendar" />Today
      </button>
      {baseline.baselines.length > 0 && <Baseline {...baseline} />}
      <button type="button" className="chart-button" aria-label="Critical path" aria-pressed={critical.shown}
        title="Colour the tasks that decide the project's end" onClick={() => critical.show(!critical.shown)}>
        <i className="wxi-route" />Critical path
      </button>
    </div>
  );
}

function Baseline({ baselines, chosen, choose }) {
  return (
    <select className="chart-select" aria-label="Baseline" value={chosen} onChange={event => choose(event.target.value)}>
      <option value="">No baseline</option>
      {baselines.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
    </select>
  );
}

function Search({ api }) {
  const [text, setText] = useState("");
  const [found, setFound] = useState(null);
  useEffect(() => {
    if (!api) return undefined;
    const words = text.trim().toLowerCase();
    const timer = setTimeout(() => setFound(words ? filter(api, words) : clear(api)), 150);
    return () => clearTimeout(timer);
  }, [api, text]);
  return (
    <label className="chart-search">
      <i className="wxi-search" />
      <input type="search" value={text} placeholder="Search tasks" aria-label="Search tasks" onChange={event => setText(event.target.value)} />
      {found !== null && <span className="chart-found">{found}</span>}
    </label>
  );
}

function filter(api, words) {
  const matches = task => `${task.text ?? ""} ${task.details ?? ""}`.toLowerCase().includes(words);
  api.exec("filter-tasks", { filter: matches, open: true });
  let count = 0;
  api.getState().tasks.forEach(task => { count += matches(task) ? 1 : 0; });
  return count;
}

function clear(api) {
  if (api.getState()._isFiltered) api.exec("filter-tasks", {});
  return null;
}

function Zoom({ api, memory }) {
  const [level, setLevel] = useState(null);
  useEffect(() => {
    if (!api) return;
    const note = () => {
      const name = ZOOM_NAMES[api.getState().zoom.level];
      memory.set("zoom", name);
      setLevel(name);
    };
    setLevel(ZOOM_NAMES[api.getState().zoom.level]);
    api.on("zoom-scale", note);
  }, [api, memory]);
  return (
    <div className="chart-zoom" role="group" aria-label="Zoom">
      {ZOOM_NAMES.toReversed().map(name => (
        <button key={name} type="button" aria-pressed={name === level} onClick={() => zoomTo(api, name)}>{name}</button>
      ))}
    </div>
  );
}

function useTodayInSight(api) {
  const [inSight, setInSight] = useState(false);
  useEffect(() => api?.getReactiveState()._scales.subscribe(scales => {
    const now = new Date();
    setInSight(Boolean(scales) && scales.start <= now && now <= scales.end);
  }), [api]);
  return inSight;
}

function showToday(api) {
  const { _scales: scales, cellWidth, _chartWidth: width } = api.getState();
  const left = scales.diff(new Date(), scales.start, scales.lengthUnit) * cellWidth;
  api.exec("scroll-chart", { left: Math.max(0, left - width / 3) });
}
