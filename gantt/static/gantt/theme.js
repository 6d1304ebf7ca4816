// Puts the console's theme on the page before it is drawn, and follows it when it is changed in another tab.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => (localStorage.getItem("adminTheme") ?? "").replaceAll('"', "");
  const apply = () => {
    const theme = chosen();
    document.documentElement.classList.toggle("dark", theme === "dark" || (theme !== "light" && system.matches));
  };
  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
})();
