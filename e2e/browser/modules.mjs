// A server that gives a page the installed packages as modules, unbundled: what a bundler does to find them, and nothing else.

import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../node_modules/", import.meta.url));
const CONDITIONS = ["browser", "import", "module", "es2015", "default"];
/** What an import or a re-export names. */
const NAMED = /(\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"'\n]+)\2/g;

/** Serves `page` at `/`, with `script` as its module, which may import packages by their names. */
export async function serve(script) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const send = (type, text) => response.setHeader("content-type", type).end(text);
    if (pathname === "/") return send("text/html", '<!doctype html><title>app</title><link rel="icon" href="data:,"><script type="module" src="/app.mjs"></script>');
    if (pathname === "/app.mjs") return send("text/javascript", linked(script, join(ROOT, "app.mjs")));
    const file = join(ROOT, decodeURIComponent(pathname.replace("/m/", "")));
    if (!file.startsWith(ROOT) || !existsSync(file)) return response.writeHead(404).end();
    send("text/javascript", linked(readFileSync(file, "utf8"), file));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

const linked = (text, from) =>
  text.replace(NAMED, (whole, before, quote, name) => {
    const found = name.startsWith(".") ? asFile(join(dirname(from), name)) : inPackage(name, from);
    const file = found && inBrowser(found);
    return file ? `${before}${quote}/m/${file.slice(ROOT.length)}${quote}` : whole;
  });

function asFile(path) {
  const tried = [path, `${path}.mjs`, `${path}.js`, join(path, "index.mjs"), join(path, "index.js")];
  return tried.find((file) => existsSync(file) && statSync(file).isFile());
}

/** What a package has in the place of a file for browsers. */
function inBrowser(file) {
  const home = topOf(dirname(file));
  const described = join(home, "package.json");
  const { browser } = existsSync(described) ? JSON.parse(readFileSync(described, "utf8")) : {};
  const name = `.${file.slice(home.length)}`;
  const instead = browser && typeof browser === "object" && (browser[name] ?? browser[name.replace(/\.m?js$/, "")]);
  return instead ? asFile(join(home, instead)) : file;
}

function inPackage(name, from) {
  const [, pkg, rest = ""] = name.match(/^(@[^/]+\/[^/]+|[^@/][^/]*)(\/.*)?$/) ?? [];
  const home = pkg && homes(from).map((folder) => join(folder, pkg)).find(existsSync);
  if (!home) return undefined;
  const described = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  const exported = described.exports?.[`.${rest}`];
  if (exported) return asFile(join(home, chosen(exported)));
  if (rest) {
    const folder = join(home, rest);
    const inner = join(folder, "package.json");
    return existsSync(inner) ? asFile(join(folder, entry(JSON.parse(readFileSync(inner, "utf8"))))) : asFile(folder);
  }
  return asFile(join(home, entry(described)));
}

const entry = ({ module, browser, main }) => module ?? (typeof browser === "string" ? browser : main) ?? "index.js";

const chosen = (exported) =>
  typeof exported === "string" ? exported : chosen(exported[CONDITIONS.find((condition) => exported[condition])]);

/** The node_modules above a file, the nearest first. */
function homes(from) {
  const above = [];
  for (let place = dirname(from); place.length > ROOT.length; place = dirname(place)) above.push(join(place, "node_modules"));
  return [...above, ROOT];
}

/** The package that a folder lies in. */
function topOf(folder) {
  let place = folder;
  while (place.length > ROOT.length && !existsSync(join(place, "package.json"))) place = dirname(place);
  return place;
}

/** The same script with all that it imports, as a bundler leaves it: a page of many modules that is opened again and again. */
export async function bundled(script) {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: ROOT },
    bundle: true, format: "esm", platform: "browser", write: false, logLevel: "error",
  });
  return outputFiles[0].text;
}
