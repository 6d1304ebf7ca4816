// The vendor's page as its documentation shows it: the widget and its own RestDataProvider, nothing of ours.
import { useCallback, useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { RestDataProvider } from "@svar-ui/gantt-data-provider";
import { ContextMenu, Editor, Gantt, Toolbar, Willow } from "@svar-ui/react-gantt";
import "@svar-ui/react-gantt/all.css";

const scales = [{ unit: "month", step: 1, format: "%F %Y" }, { unit: "day", step: 1, format: "%j" }];

function Page({ base }) {
  const provider = useMemo(() => new RestDataProvider(base), [base]);
  const [data, setData] = useState(null);
  const [api, setApi] = useState(null);
  useEffect(() => { provider.getData().then(setData); }, [provider]);
  const init = useCallback(gantt => {
    gantt.setNext(provider);
    gantt.on("request-data", ({ id }) => provider.getData(id).then(rows => gantt.exec("provide-data", { id, data: rows })));
    provider.serverId = id => provider.getQueue().getId(id);
    window.chart = { api: gantt, provider };
    setApi(gantt);
  }, [provider]);
  if (!data) return null;
  return (
    <Willow fonts={false}>
      <Toolbar api={api} />
      <div style={{ height: "calc(100vh - 60px)" }}>
        <ContextMenu api={api}>
          <Gantt init={init} tasks={data.tasks} links={data.links} scales={scales} cellWidth={40} />
        </ContextMenu>
        {api && <Editor api={api} />}
      </div>
    </Willow>
  );
}

const root = document.getElementById("chart-root");
createRoot(root).render(<Page base={root.dataset.base} />);
