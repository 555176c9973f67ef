// Which addresses the pages' function answers, read from its source.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../../functions/web/src", import.meta.url));

/** Every route of the pages' function, as `{ path, opens }`: `opens` is false where only forms lead. */
export function routesOfWeb() {
  return sources(SOURCE).flatMap((file) => routesIn(readFileSync(file, "utf8"), file));
}

export function routesIn(source, file) {
  const shipped = source.split(/^#\[cfg\(test\)\]\nmod \w+ \{/m)[0];
  const routes = [];
  for (const { index } of shipped.matchAll(/\.route\(/g)) {
    const inside = argumentsFrom(shipped, index + ".route(".length);
    const path = /^\s*"([^"]+)"\s*,/.exec(inside)?.[1];
    if (!path) throw new Error(`${file}: a route whose path is not written out: ${inside}`);
    routes.push({ path, opens: /\b(get|any)\s*\(/.test(inside) });
  }
  return routes;
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "tests" ? [] : sources(path);
    return entry.name.endsWith(".rs") && entry.name !== "tests.rs" ? [path] : [];
  });
}

/** The text up to the parenthesis that closes the one before `start`. */
function argumentsFrom(source, start) {
  let open = 1;
  for (let end = start; end < source.length; end++) {
    if (source[end] === "(") open++;
    if (source[end] === ")") open--;
    if (open === 0) return source.slice(start, end);
  }
  throw new Error("a route that never ends");
}
