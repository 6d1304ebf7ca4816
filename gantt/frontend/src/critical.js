import { useEffect, useState } from "react";
import { barOf, lineOf, ownSheet } from "./sheet.js";

const sheet = ownSheet();

const BAR = `
  --wx-gantt-task-color: var(--wx-gantt-task-critical-color);
  --wx-gantt-task-fill-color: var(--wx-gantt-task-critical-fill-color);
  --wx-gantt-task-border-color: var(--wx-gantt-task-critical-fill-color);
  --wx-gantt-milestone-color: var(--wx-gantt-critical-color);
  --wx-gantt-summary-color: var(--wx-gantt-summary-critical-color);
  --wx-gantt-summary-fill-color: var(--wx-gantt-summary-critical-fill-color);`;
const NOTHING = { critical: [], critical_links: [] };
const LINE = "--wx-gantt-link-color: var(--wx-gantt-link-critical-color);";

/**
 * The toggle of the critical path, which is asked for again after each saved change (`version`).
 *
 * `{shown, show, trouble}`: whether it is wanted, the switch, and why the server has none (links in a circle), or null.
 */
export function useCriticalPath({ provider, memory, version }) {
  const [shown, setShown] = useState(memory.get("critical") === "yes");
  const [trouble, setTrouble] = useState(null);
  useEffect(() => {
    let stale = false;
    const turn = (schedule, reason) => {
      if (stale) return;
      paint(schedule, provider);
      setTrouble(reason);
    };
    if (shown) provider.send("schedule", "GET").then(schedule => turn(schedule, null), error => turn(NOTHING, error.message));
    else turn(NOTHING, null);
    return () => { stale = true; };
  }, [shown, provider, version]);
  const show = value => {
    memory.set("critical", value ? "yes" : "no");
    setShown(value);
  };
  return { shown, show, trouble };
}

function paint({ critical, critical_links: links }, provider) {
  const pageIds = provider.pageIds();
  const rule = (ids, selector, style) => (ids.length ? `${ids.map(id => selector(pageIds.get(id) ?? id)).join(",")}{${style}}` : "");
  sheet.replaceSync(rule(critical, barOf, BAR) + rule(links, lineOf, LINE));
}
