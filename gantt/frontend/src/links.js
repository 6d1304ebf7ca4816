/**
 * The widget leaves the lag behind when it copies the links of a branch: gives it back before the copy is drawn and sent.
 */
export function keepLags(gantt) {
  const originals = new Map();
  gantt.intercept("copy-task", ({ id, source, eventSource }) => {
    if (eventSource === "copy-task") originals.set(id, source);
  });
  gantt.intercept("add-link", ({ link, eventSource }) => {
    if (eventSource !== "copy-task") return;
    gantt.getState().links.forEach(({ source, target, type, lag }) => {
      const same = source === originals.get(link.source) && target === originals.get(link.target) && type === link.type;
      if (same && lag !== undefined) link.lag = lag;
    });
  });
}

/** The links that the page does not have yet: one between two branches comes with each of them. */
export function unknownLinks(gantt, provider, links) {
  const known = new Set();
  gantt.getState().links.forEach(({ id }) => known.add(provider.serverId(id)));
  return links.filter(({ id }) => !known.has(id));
}
