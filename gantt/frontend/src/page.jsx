import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { en } from "@svar-ui/gantt-locales";
import { context, Locale } from "@svar-ui/react-core";
import { ContextMenu, Editor, Gantt, Toolbar } from "@svar-ui/react-gantt";
import { Controls } from "./controls.jsx";
import { useBaseline } from "./baseline.js";
import { gridColumns } from "./columns.jsx";
import { useCriticalPath } from "./critical.js";
import { editorItems, menuOptions, toolbarItems } from "./items.js";
import { keepLags, unknownLinks } from "./links.js";
import { PageProvider } from "./provider.js";
import { Failure, SaveStatus, Trouble } from "./status.jsx";
import { NEEDS, remembered } from "./settings.js";
import { useServerSummaries } from "./summaries.js";
import { useDark } from "./theme.js";
import { fittingLevel, zoomSettings } from "./zoom.js";

const pad = number => String(number).padStart(2, "0");
const isoDate = date => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;

const words = { ...en, calendar: { weekStart: 1 }, formats: { dateFormat: "%Y-%m-%d" } };

const cookie = name => document.cookie.split("; ").find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

// Temp ids of two tabs may be the same: the server keeps them apart by this.
const CLIENT = Math.random().toString(36).slice(2);

export function ChartPage({ settings }) {
  const [status, setStatus] = useState({ waiting: 0, failure: null });
  const [version, setVersion] = useState(0);
  const provider = useMemo(
    () => new PageProvider(settings.base, {
      // Read for every write: logging in again, in another tab, changes it.
      headers: () => ({ "X-CSRFToken": cookie("csrftoken"), "X-Client-Id": CLIENT }),
      onStatus: setStatus,
      onSaved: () => setVersion(count => count + 1),
    }),
    [settings],
  );
  const [data, failure] = useData(provider);
  const reload = useReload(status.waiting > 0);
  return (
    <Theme>
      <Locale words={words}>
        {data && <Chart {...{ settings, provider, data, status, version, reload }} />}
        {!data && <p className="chart-message">{failure ? `The project could not be loaded. ${failure}` : "Loading…"}</p>}
      </Locale>
    </Theme>
  );
}

// What the widget's Willow and WillowDark are without their fonts. As one component: the chart lives on when the theme
// changes, instead of being built again from the rows that were loaded with the page.
function Theme({ children }) {
  const name = useDark() ? "willow-dark" : "willow";
  return (
    <context.theme.Provider value={name}>
      <div className={`wx-theme wx-${name}-theme`}>{children}</div>
    </context.theme.Provider>
  );
}

function useData(provider) {
  const [data, setData] = useState(null);
  const [failure, setFailure] = useState(null);
  useEffect(() => {
    provider.getData().then(setData, error => setFailure(error.message));
  }, [provider]);
  return [data, failure];
}

/** Warns before the page is left with unsaved changes; answers a reload that gives them up without a question. */
function useReload(unsaved) {
  const givenUp = useRef(false);
  useEffect(() => {
    if (!unsaved) return undefined;
    const warn = event => givenUp.current || event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [unsaved]);
  return useCallback(() => {
    givenUp.current = true;
    window.location.reload();
  }, []);
}

function Chart({ settings, provider, data, status, version, reload }) {
  const [api, setApi] = useState(null);
  const memory = useMemo(() => remembered(settings.project), [settings]);
  const scale = useMemo(
    () => zoomSettings(memory.get("zoom") ?? fittingLevel(data.tasks, window.innerWidth - 500)),
    [memory, data],
  );
  const critical = useCriticalPath({ provider, memory, version });
  const baseline = useBaseline({ provider, api });
  useServerSummaries({ settings, provider, api, version });
  const columns = useMemo(() => gridColumns(settings, provider), [settings, provider]);
  const highlight = useCallback((date, unit) => (unit === "day" || unit === "hour" ? dayStyle(date, settings) : ""), [settings]);
  const init = useCallback(gantt => {
    for (const action of Object.keys(NEEDS)) {
      if (settings.mayNot(action)) gantt.intercept(action, () => false);
    }
    gantt.on("request-data", async ({ id }) => {
      const rows = await provider.branch(id);
      if (rows) gantt.exec("provide-data", { id, data: { ...rows, links: unknownLinks(gantt, provider, rows.links) } });
    });
    keepLags(gantt);
    gantt.setNext(provider);
    provider.nameOf = id => gantt.getState().tasks.byId(id)?.text;
    provider.onLinkRefused = id => gantt.exec("delete-link", { id, skipProvider: true });
    // For whoever wants to script the chart from the browser's console, and for the browser tests.
    window.chart = { api: gantt, provider };
    setApi(gantt);
  }, [provider, settings]);
  const openDetails = useReadOnlyDetails(api, settings);
  const select = useSelectionBeforeMenu(api);

  return (
    <>
      <div className="chart-bar">
        {settings.canEdit && <Toolbar api={api} items={toolbarItems(settings)} />}
        <Controls {...{ api, memory, baseline, critical }} />
        <SaveStatus status={status} readOnly={!settings.canEdit} />
      </div>
      <Failure provider={provider} failure={status.failure} reload={reload} />
      <Trouble critical={critical} />
      <div className="chart-body" onDoubleClick={openDetails} onContextMenuCapture={select}>
        <Menu api={api} settings={settings} provider={provider}>
          <Gantt
            init={init} tasks={data.tasks} links={data.links} columns={columns} gridWidth={470}
            {...scale} cellHeight={36} scaleHeight={32} highlightTime={highlight} readonly={!settings.canEdit}
          />
        </Menu>
        {api && <Editor api={api} items={editorItems()} readonly={!settings.canEdit} />}
      </div>
    </>
  );
}

function Menu({ api, settings, provider, children }) {
  const options = useMemo(() => menuOptions(settings), [settings]);
  if (!options.length) return children;
  const onClick = ({ action, context }) => {
    if (action?.id === "open-in-console") window.open(settings.taskUrl(provider.serverId(context.id)), "_blank", "noopener");
  };
  return <ContextMenu api={api} options={options} onClick={onClick}>{children}</ContextMenu>;
}

// The widget opens its editor by double click only where it may edit; here it shows the details as well.
function useReadOnlyDetails(api, settings) {
  return useCallback(event => {
    const id = settings.canEdit ? null : rowOf(event.target);
    if (id !== null) api.exec("show-editor", { id });
  }, [api, settings]);
}

// The menu asks the rows that were selected before the right click which of its entries to disable.
function useSelectionBeforeMenu(api) {
  return useCallback(event => {
    const id = rowOf(event.target);
    if (id === null || api.getState().selected.includes(id)) return;
    flushSync(() => api.exec("select-task", { id, show: false }));
  }, [api]);
}

// The widget marks text ids, such as the temp ids of new rows, with a colon.
function rowOf(element) {
  const mark = element.closest(".chart-body [data-id]")?.dataset.id;
  if (mark === undefined) return null;
  return mark.startsWith(":") ? mark.slice(1) : Number(mark);
}

function dayStyle(date, { workdays, holidays }) {
  const free = !workdays.has(date.getDay() || 7) || holidays.has(isoDate(date));
  return [free && "wx-weekend", isoDate(date) === isoDate(new Date()) && "chart-today"].filter(Boolean).join(" ");
}
