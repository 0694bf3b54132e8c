// Writes the editor into the package: one minified file, and the licences of what is in it.
import { build } from "esbuild";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const out = "../kg/serve/template/editor.js";
const { metafile } = await build({ entryPoints: ["editor.js"], bundle: true, minify: true, format: "iife", target: "es2020", legalComments: "none", outfile: out, metafile: true, logLevel: "warning" });
const used = [...new Set(Object.keys(metafile.inputs).map((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean))].sort();
const told = used.map((name) => {
  const folder = `node_modules/${name}`, { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].map((each) => `${folder}/${each}`).find(existsSync);
  return `${name} ${version} (${license})\n\n${file ? readFileSync(file, "utf8").trim() : ""}\n`;
});
writeFileSync("../kg/serve/template/editor.LICENSE", `What editor.js was built of, by \`make editor\`.\n\n${told.join("\n---\n\n")}`);
