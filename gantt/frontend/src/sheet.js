/**
 * A style sheet of the page that can be written again at any time: colours and marks on bars go by their ids, because
 * a key on the tasks themselves would be sent to the server with every update.
 */
export function ownSheet() {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return sheet;
}

// The widget marks text ids, such as the temp ids of new rows, with a colon.
const domId = id => (typeof id === "string" ? `:${id}` : id);

export const barOf = id => `.wx-bars [data-id="${domId(id)}"]`;
export const lineOf = id => `.wx-links [data-link-id="${domId(id)}"]`;
