/** What the template says about the project and the user, from the data attributes of the page's root. */
export function readSettings({ dataset }) {
  const rights = new Set(dataset.rights.split(" "));
  return {
    base: dataset.base,
    project: dataset.project,
    // Empty for users who may not enter the console.
    taskUrl: dataset.taskUrl && (id => dataset.taskUrl.replace("/0/", `/${id}/`)),
    workdays: new Set(dataset.workdays.split(" ").map(Number)), // ISO: Monday is 1
    holidays: new Set(dataset.holidays.split(" ").filter(Boolean)),
    autoSummaries: dataset.summaries === "auto",
    canEdit: rights.has("change_task"),
    mayNot: action => !rights.has(NEEDS[action]),
  };
}

export const NEEDS = {
  "add-task": "add_task",
  "copy-task": "add_task",
  "update-task": "change_task",
  "move-task": "change_task",
  "indent-task": "change_task",
  "delete-task": "delete_task",
  "add-link": "add_link",
  "update-link": "change_link",
  "delete-link": "delete_link",
};

/** A value that outlives the page, one per project and browser. */
export function remembered(project) {
  const key = name => `taskyard.chart.${project}.${name}`;
  return {
    get: name => localStorage.getItem(key(name)),
    set: (name, value) => localStorage.setItem(key(name), value),
  };
}
