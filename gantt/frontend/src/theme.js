import { useSyncExternalStore } from "react";

// static/gantt/theme.js puts the console's theme on the root element and keeps it there.
function subscribe(changed) {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  return () => observer.disconnect();
}

const isDark = () => document.documentElement.classList.contains("dark");

export const useDark = () => useSyncExternalStore(subscribe, isDark);
