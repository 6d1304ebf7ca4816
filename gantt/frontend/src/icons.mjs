// The icons of the widget, drawn on a grid of 24 as single strokes; the vendor's icon font is not loaded.
const STROKES = {
  plus: "M12 5v14M5 12h14",
  edit: "M4 20l1-4.5L16.5 4a2.1 2.1 0 0 1 3 3L8 18.5zM14.5 6l3 3",
  delete: "M4 7h16M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10.2 11v5.5M13.8 11v5.5",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  check: "M5 12.5l4.5 4.5L19 7.5",
  indent: "M11 5h9M11 10h9M11 15h9M4 20h16M4 7l3.5 3L4 13",
  unindent: "M11 5h9M11 10h9M11 15h9M4 20h16M7.5 7L4 10l3.5 3",
  "content-cut": "M8.3 8.2L20 19M8.3 15.8L20 5M6 9a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 6 9zM6 20.4A2.7 2.7 0 1 0 6 15a2.7 2.7 0 0 0 0 5.4z",
  "content-copy": "M9 9h11v11H9zM5.5 15H4V4h11v1.5",
  "content-paste": "M9 5H5.5v15.5h13V5H15M9 3.5h6V7H9zM9 12h6M9 16h6",
  "swap-vertical": "M8 4v16M4.5 16.5L8 20l3.5-3.5M16 20V4M12.5 7.5L16 4l3.5 3.5",
  "swap-horizontal": "M4 8h16M16.5 4.5L20 8l-3.5 3.5M20 16H4M7.5 12.5L4 16l3.5 3.5",
  "angle-up": "M6 15l6-6 6 6",
  "angle-down": "M6 9l6 6 6-6",
  "angle-left": "M15 6l-6 6 6 6",
  "angle-right": "M9 6l6 6-6 6",
  "angle-dbl-left": "M11.5 6l-6 6 6 6M18.5 6l-6 6 6 6",
  "angle-dbl-right": "M12.5 6l6 6-6 6M5.5 6l6 6-6 6",
  "arrow-up": "M12 19V5M6.5 10.5L12 5l5.5 5.5",
  "arrow-down": "M12 5v14M6.5 13.5L12 19l5.5-5.5",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  calendar: "M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.5 3.5V8",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.2l3.4 2",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20.5 20.5",
  minus: "M5 12h14",
  external: "M10 5H5v14h14v-5M13.5 4.5h6v6M19.5 4.5L11 13",
  refresh: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.2M20 4.5v4.7h-4.7",
  warning: "M12 4l9.5 16h-19zM12 10v4.5M12 17v.3",
  route: "M5 19.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM19 8.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 17.5h8.5a3 3 0 0 0 0-6h-7a3 3 0 0 1 0-6H17",
  baseline: "M4 7h12v4H4zM8 17h12",
};

// Filled shapes read better than strokes where they are small: row arrows, drag handles and dots.
const FILLS = {
  "menu-right": "M9 6.5l6.5 5.5L9 17.5z",
  "menu-left": "M15 6.5L8.5 12l6.5 5.5z",
  "menu-down": "M6.5 9l5.5 6.5L17.5 9z",
  drag: dots([[9, 6], [15, 6], [9, 12], [15, 12], [9, 18], [15, 18]]),
  "dots-h": dots([[5, 12], [12, 12], [19, 12]]),
  "dots-v": dots([[12, 5], [12, 12], [12, 19]]),
};

function dots(centres) {
  return centres.map(([x, y]) => `M${x - 1.6} ${y}a1.6 1.6 0 1 0 3.2 0 1.6 1.6 0 0 0-3.2 0z`).join("");
}

function rule(name, path, paint) {
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><path d='${path}' ${paint}/></svg>`;
  const data = svg.replace(/[<>#%]/g, encodeURIComponent);
  return `.wxi-${name}{--icon:url("data:image/svg+xml,${data}")}`;
}

const stroked = "fill='none' stroke='black' stroke-width='1.8' stroke-linecap='round' stroke-linejoin='round'";

/** One rule per icon; chart.css paints `--icon` as a mask in the colour of the text around it. */
export function iconSheet() {
  return [
    ...Object.entries(STROKES).map(([name, path]) => rule(name, path, stroked)),
    ...Object.entries(FILLS).map(([name, path]) => rule(name, path, "fill='black'")),
  ].join("\n");
}
