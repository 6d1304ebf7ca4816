import { getEditorItems, getMenuOptions, getToolbarButtons } from "@svar-ui/react-gantt";

const actionOf = id => String(id ?? "").split(":")[0];
// Cut and paste end in a move or a copy, a conversion in an update.
const ENDS_IN = { "cut-task": "move-task", "paste-task": "add-task", "convert-task": "update-task", "edit-task": "update-task" };
const allowed = settings => ({ id, comp }) => {
  const action = actionOf(id);
  return comp === "separator" || !settings.mayNot(ENDS_IN[action] ?? action);
};

const withoutDoubleSeparators = items => items.filter(({ comp }, index) => comp !== "separator" || (index && items[index - 1].comp !== "separator"));

export const toolbarItems = settings => withoutDoubleSeparators(getToolbarButtons().filter(allowed(settings)));

const openInConsole = { id: "open-in-console", text: "Open in the console", icon: "wxi-external" };

export function menuOptions(settings) {
  const editing = settings.canEdit ? [...getMenuOptions().filter(allowed(settings)), { comp: "separator" }] : [];
  return withoutDoubleSeparators(settings.taskUrl ? [...editing, openInConsole] : editing);
}

/** The widget's editor, with dates as the console writes them. */
export function editorItems() {
  return getEditorItems().map(item => (item.comp === "date" ? { ...item, config: { ...item.config, format: "%Y-%m-%d" } } : item));
}
