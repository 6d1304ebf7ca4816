const pad = number => String(number).padStart(2, "0");
const day = date => (date ? `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}` : "");

/** The columns of the grid; the last but one leads from a task to its row in the console. */
export function gridColumns(settings, provider) {
  const columns = [
    { id: "text", header: "Task", width: 190, flexgrow: 1, sort: true },
    { id: "start", header: "Start", width: 98, align: "center", sort: true, template: day },
    { id: "duration", header: "Days", width: 72, align: "center", sort: true },
    { id: "console", header: "", width: 36, align: "center", sort: false, resize: false, cell: consoleLink(settings, provider) },
    { id: "add-task", header: "Add task", width: 37, align: "center", sort: false, resize: false },
  ];
  const hidden = { console: !settings.taskUrl, "add-task": settings.mayNot("add-task") };
  return columns.filter(({ id }) => !hidden[id]);
}

function consoleLink(settings, provider) {
  return function ConsoleLink({ row }) {
    const id = provider.serverId(row.id);
    if (id === undefined) return null;
    return (
      <a className="chart-console-link" href={settings.taskUrl(id)} target="_blank" rel="noopener" title="Open in the console">
        <i className="wxi-external" />
      </a>
    );
  };
}
