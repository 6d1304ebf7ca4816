import { createRoot } from "react-dom/client";
import "@svar-ui/react-gantt/all.css";
import "icons.css";
import "./chart.css";
import { ChartPage } from "./page.jsx";
import { readSettings } from "./settings.js";

const root = document.getElementById("chart-root");
createRoot(root).render(<ChartPage settings={readSettings(root)} />);
