// Bundles the chart page into Django's static files: chart.js, chart.css and the licences of what is inside.
// `node build.mjs OUTDIR ENTRY` bundles another page elsewhere: the browser tests do, for the vendor's bare page.
import { build } from "esbuild";
import { mkdirSync, readFileSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { iconSheet } from "./src/icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [outdir = join(here, "../static/gantt/chart"), entry = "src/main.jsx"] = process.argv.slice(2);

// The widget's sheet loads its fonts from the vendor's CDN. The page uses the console's fonts and our own icons.
const ownStyles = {
  name: "own-styles",
  setup(bundle) {
    bundle.onLoad({ filter: /dist-full[\\/]index\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/@font-face\s*\{[^}]*\}/g, ""),
      loader: "css",
    }));
    bundle.onResolve({ filter: /^icons\.css$/ }, () => ({ path: "icons.css", namespace: "icons" }));
    bundle.onLoad({ filter: /.*/, namespace: "icons" }, () => ({ contents: iconSheet(), loader: "css" }));
  },
};

/** The folders of the packages that really went into the bundle. */
function bundledPackages(inputs) {
  const folders = new Set();
  for (const path of Object.keys(inputs)) {
    const match = path.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/);
    if (match) folders.add(match[0]);
  }
  return [...folders].sort();
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
  const file = readdirSync(join(here, folder)).find(entry => /^licen[cs]e(\.|$)/i.test(entry));
  const text = file ? readFileSync(join(here, folder, file), "utf8").trim() : vendorLicence(name);
  return `${name} ${version} (${license})\n\n${text}\n`;
}

// Some packages of the widget's family come without a licence file of their own: MIT by their package.json.
function vendorLicence(name) {
  if (!name.startsWith("@svar-ui/")) throw new Error(`${name} has no licence file: add its notice here`);
  return readFileSync(join(here, "node_modules/@svar-ui/react-gantt/license.txt"), "utf8").trim();
}

if (!existsSync(join(here, "node_modules"))) throw new Error("run `npm ci` first");
rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { chart: entry },
  bundle: true,
  format: "iife",
  minify: true,
  jsx: "automatic",
  target: "es2022",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "eof",
  metafile: true,
  outdir,
  plugins: [ownStyles],
});
writeFileSync(join(outdir, "LICENSES.txt"), bundledPackages(metafile.inputs).map(notice).join(`\n${"-".repeat(72)}\n\n`));
for (const [path, { bytes }] of Object.entries(metafile.outputs)) console.log(`${path}  ${Math.round(bytes / 1024)} KB`);
