// Makes `dist` from `src` and the pinned npm packages: node build.mjs
// Says what is stale in `dist` without touching it:      node build.mjs --check
//
// The same sources and the same lock file give the same bytes, so that `dist` can be checked in.

import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");

const COPIED = ["index.html", "error.html", "icon.svg"];
const LICENCE_FILE = /^(licen[cs]e|notice)(\.(md|txt))?$/i;

/** Packages without the text of their licence, and a package out of the same repository that carries it. */
const LICENCE_IS_WITH = {
  "@aws-sdk/nested-clients": "@aws-sdk/client-s3",
  "isomorphic-unfetch": "unfetch",
};

/** One file out of `entry` and all that it imports: its bytes, and the files that have a part in them. */
async function bundle(entry, outfile) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2020",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    // The older of the libraries was written for bundlers that bring Node's `global`.
    define: { global: "globalThis" },
    metafile: true,
    write: false,
  });
  const [output] = Object.values(result.metafile.outputs);
  const inputs = Object.keys(output.inputs).filter((name) => output.inputs[name].bytesInOutput > 0);
  return { bytes: Buffer.from(result.outputFiles[0].contents), inputs };
}

/** The folders of the packages that have at least one byte in the bundle, sorted. */
function packagesOf(inputs) {
  const folders = inputs.flatMap((name) => name.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []);
  return [...new Set(folders)].sort();
}

async function notices(inputs) {
  const parts = [];
  for (const folder of packagesOf(inputs)) {
    const about = JSON.parse(await readFile(join(here, folder, "package.json"), "utf8"));
    parts.push({ title: `${about.name} ${about.version} (${about.license})`, text: await licenceOf(about.name, folder) });
  }
  return Buffer.from(`${head(parts)}\n${grouped(parts).join("\n")}`);
}

async function licenceOf(name, at) {
  const sibling = LICENCE_IS_WITH[name];
  const folder = join(here, sibling ? join("node_modules", sibling) : at);
  const names = (await readdir(folder)).sort();
  const texts = await Promise.all(
    names.filter((file) => LICENCE_FILE.test(file)).map((file) => readFile(join(folder, file), "utf8")),
  );
  if (texts.length > 0) return texts.map(tidied).join("\n\n");
  // Some small packages print their licence at the end of the README instead.
  const readme = await readFile(join(folder, "README.md"), "utf8");
  const [, text] = readme.match(/^#+ licen[cs]e\s*$([^]*)/im) ?? [];
  if (!text) throw new Error(`${name} comes without the text of its licence`);
  return tidied(text);
}

const tidied = (text) => text.replace(/\r\n/g, "\n").replace(/[ \t]+$/gm, "").trim();

function head(parts) {
  const names = parts.map((part) => `  ${part.title}\n`).join("");
  return `app.js holds code of these packages, under the licences that follow.\n\n${names}`;
}

/** Most of the packages carry the same licence text: it is printed once, under all their names. */
function grouped(parts) {
  const byText = new Map();
  for (const { title, text } of parts) {
    byText.set(text, [...(byText.get(text) ?? []), title]);
  }
  const rule = "-".repeat(80);
  return [...byText].map(([text, titles]) => `${rule}\n${titles.join("\n")}\n\n${text}\n`);
}

async function everything() {
  const script = await bundle("src/main.js", "dist/app.js");
  const style = await bundle("src/app.css", "dist/app.css");
  const files = new Map([
    ["app.js", script.bytes],
    ["app.css", style.bytes],
    ["NOTICES.txt", await notices(script.inputs)],
  ]);
  for (const name of COPIED) {
    files.set(name, await readFile(join(here, "src", name)));
  }
  return files;
}

async function onDisk() {
  const names = await readdir(dist).catch(() => []);
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(dist, name))])));
}

async function check(files) {
  const found = await onDisk();
  const stale = [...files].filter(([name, bytes]) => !found.get(name)?.equals(bytes)).map(([name]) => name);
  const foreign = [...found.keys()].filter((name) => !files.has(name));
  for (const name of stale) console.error(`stale: dist/${name}`);
  for (const name of foreign) console.error(`not made by the build: dist/${name}`);
  if (stale.length + foreign.length > 0) {
    console.error("run: npm ci && node build.mjs");
    process.exitCode = 1;
  }
}

async function write(files) {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  for (const [name, bytes] of files) {
    await writeFile(join(dist, name), bytes);
    const sizes = [bytes.length, gzipSync(bytes).length].map((size) => String(size).padStart(8));
    console.log(`${sizes[0]} bytes ${sizes[1]} gzipped  ${name}`);
  }
}

const files = await everything();
await (process.argv.includes("--check") ? check(files) : write(files));
