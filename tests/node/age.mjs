// Writes what the admin needs of the package age-encryption, with the packages that it uses, as one module to a
// folder, and their licenses: node age.mjs FOLDER. A test compares them with those in leadwatch/static/site_admin.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";

const folder = process.argv[2];
const { metafile } = await build({
  stdin: {
    contents: `export { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption"`,
    resolveDir: import.meta.dirname,
  },
  outfile: `${folder}/age.js`,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "none",
  banner: { js: "// Bundled by tests/node/age.mjs. The licenses are in age.LICENSES.txt." },
  metafile: true,
  absWorkingDir: import.meta.dirname,
});
const packages = new Set(
  Object.keys(metafile.inputs).map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]),
);
packages.delete(undefined);
const licenses = [...packages].sort().map((name) => {
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/node_modules/${name}/package.json`));
  return `${name} ${version}\n\n${readFileSync(`${import.meta.dirname}/node_modules/${name}/LICENSE`, "utf8").trim()}\n`;
});
writeFileSync(`${folder}/age.LICENSES.txt`, licenses.join("\n\n"));
