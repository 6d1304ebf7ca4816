import { useEffect } from "react";

/** Where the server rolls up summary tasks: takes its values over after each saved change (`version`). */
export function useServerSummaries({ settings, provider, api, version }) {
  useEffect(() => {
    if (!settings.autoSummaries || !api || !version) return;
    provider.getData().then(({ tasks }) => provider.waiting || adopt(api, provider, tasks), () => {});
  }, [settings, provider, api, version]);
}

function adopt(api, provider, tasks) {
  const pageIds = provider.pageIds();
  for (const { id: serverId, type, start, end, progress } of tasks) {
    const id = pageIds.get(serverId) ?? serverId;
    const shown = type === "summary" && api.getTask(id);
    if (!shown || (+shown.start === +start && +shown.end === +end && shown.progress === progress)) continue;
    // The widget's own name for dates that somebody else has computed: shown as they are, passed on to nobody.
    api.exec("update-task", { id, task: { start, end, progress }, eventSource: "schedule-tasks", skipProvider: true });
  }
}
