import { useEffect, useState } from "react";
import { barOf, ownSheet } from "./sheet.js";

const sheet = ownSheet();

/** The project's baselines, and the one that is drawn as a strip below the bars: `{baselines, chosen, choose}`. */
export function useBaseline({ provider, api }) {
  const [baselines, setBaselines] = useState([]);
  const [chosen, choose] = useState("");
  useEffect(() => {
    provider.send("baselines", "GET").then(setBaselines, () => setBaselines([]));
  }, [provider]);
  useEffect(() => (api && chosen ? draw(api, provider, chosen) : undefined), [api, provider, chosen]);
  return { baselines, chosen, choose };
}

/** Draws the baseline wherever its tasks are shown, until the answered function is called. */
function draw(api, provider, id) {
  let stops = [];
  let over = false;
  provider.send(`baselines/${id}`, "GET").then(({ tasks }) => {
    if (over) return;
    const plans = new Map(tasks.filter(task => task.baseline?.start).map(task => [task.id, task.baseline]));
    const paint = () => sheet.replaceSync(strips(api.getState(), provider, plans));
    stops = ["_tasks", "area"].map(name => api.getReactiveState()[name].subscribe(paint));
  }, () => {});
  return () => {
    over = true;
    stops.forEach(stop => stop());
    sheet.replaceSync("");
  };
}

function strips({ _tasks: tasks, _scales: scales, area, cellWidth }, provider, plans) {
  const x = date => scales.diff(new Date(date), scales.start, scales.lengthUnit) * cellWidth;
  return tasks.slice(area.start, area.end).map(task => {
    const plan = plans.get(provider.serverId(task.id));
    if (!plan) return "";
    const left = x(plan.start);
    const width = plan.end ? Math.max(x(plan.end) - left, 3) : 8;
    return `${barOf(task.id)}::after{content:"";left:${left - task.$x}px;width:${width}px}`;
  }).join("");
}
