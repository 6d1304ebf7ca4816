import { useEffect, useState } from "react";

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

const BAR = "--wx-gantt-task-color:var(--wx-gantt-task-critical-color);--wx-gantt-task-fill-color:var(--wx-gantt-task-critical-fill-color);"
  + "--wx-gantt-task-border-color:var(--wx-gantt-task-critical-fill-color);--wx-gantt-milestone-color:var(--wx-gantt-critical-color);"
  + "--wx-gantt-summary-color:var(--wx-gantt-summary-critical-color);--wx-gantt-summary-fill-color:var(--wx-gantt-summary-critical-fill-color)";
const LINK = "--wx-gantt-link-color:var(--wx-gantt-link-critical-color)";

/**
 * The toggle of the critical path. The bars are coloured by a style sheet on their ids, because a key on the tasks
 * would be sent back to the server with every update. Computed again after each saved change (`version`).
 */
export function useCriticalPath({ settings, provider, memory, version }) {
  const [shown, setShown] = useState(memory.get("critical") === "yes");
  useEffect(() => {
    if (!shown) {
      sheet.replaceSync("");
      return undefined;
    }
    let stale = false;
    provider.send("schedule", "GET").then(schedule => stale || paint(schedule, provider), () => stale || sheet.replaceSync(""));
    return () => { stale = true; };
  }, [shown, provider, version, settings]);
  const show = value => {
    memory.set("critical", value ? "yes" : "no");
    setShown(value);
  };
  return [shown, show];
}

function paint({ critical, critical_links: links }, provider) {
  const pageIds = provider.pageIds();
  const rule = (ids, selector, style) => (ids.length ? `${ids.map(id => selector(domId(pageIds.get(id) ?? id))).join(",")}{${style}}` : "");
  sheet.replaceSync(
    rule(critical, id => `.wx-bars [data-id="${id}"]`, BAR) + rule(links, id => `.wx-links [data-link-id="${id}"]`, LINK),
  );
}

// The widget marks text ids, such as the temp ids of new rows, with a colon.
const domId = id => (typeof id === "string" ? `:${id}` : id);
