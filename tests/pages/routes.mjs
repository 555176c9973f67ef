// Which addresses the pages' function answers, read from its source.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../../functions/web/src", import.meta.url));

/**
 * Every route of the pages' function, as `{ path, opens }`: `opens` is false where only forms lead, and where whoever opens
 * it is led back by a function of that name.
 */
export function routesOfWeb() {
  return sources(SOURCE).flatMap((file) => routesIn(readFileSync(file, "utf8"), file));
}

export function routesIn(source, file = "source") {
  const shipped = source.split(/^#\[cfg\(test\)\]\nmod \w+ \{/m)[0];
  const routes = [];
  for (const { index } of shipped.matchAll(/\.route\(/g)) {
    const inside = argumentsFrom(shipped, index + ".route(".length);
    const opener = /\b(?:get|any)\s*\(\s*([\w:]+)/.exec(inside)?.[1];
    const opens = opener !== undefined && opener.split("::").at(-1) !== "back";
    for (const path of pathsOf(inside, shipped, index, file)) routes.push({ path, opens });
  }
  return routes;
}

/** A path is written out, or `at` and `&of("rest")` in a function that is called with each `at` written out. */
function pathsOf(inside, source, index, file) {
  const written = /^\s*"([^"]+)"\s*,/.exec(inside)?.[1];
  if (written) return [written];
  const rest = /^\s*(?:at|&of\("([^"]+)"\))\s*,/.exec(inside);
  const around = [...source.slice(0, index).matchAll(/^fn (\w+)\(at: &str\)/gm)].at(-1)?.[1];
  const calls = around ? [...source.matchAll(new RegExp(`\\b${around}\\("([^"]+)"\\)`, "g"))] : [];
  if (!rest || calls.length === 0) throw new Error(`${file}: a route whose path can't be read: ${inside}`);
  return calls.map(([, at]) => (rest[1] ? `${at}/${rest[1]}` : at));
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
