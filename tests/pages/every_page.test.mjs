// Every page is whole in both languages and both colour schemes, on a phone, a tablet and a laptop.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { NO_PAGES, PAGES, settle } from "./every_page.mjs";
import { SCREENS, openHouse } from "./house.mjs";
import { routesIn, routesOfWeb } from "./routes.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCREENSHOTS = fileURLToPath(new URL("../artefacts/screens/", import.meta.url));
/** In each language every scheme at the width where most can go wrong, so that the four together see each pair. */
const LOOKS = {
  ko: [["phone", "light"], ["tablet", "light"], ["laptop", "dark"]],
  en: [["phone", "dark"], ["tablet", "dark"], ["laptop", "light"]],
};
const html = new HtmlValidate(
  new StaticConfigLoader({
    extends: ["html-validate:recommended"],
    rules: {
      // Written small, as the standard's own examples are.
      "doctype-style": ["error", { style: "lowercase" }],
      // Where several can be chosen they are boxes of one name, and before a box that is to be told of when it is not
      // checked there is a hidden input of its name. The rule knows either, not both.
      "form-dup-name": "off",
      // A list of times has a name: whose times they are.
      "aria-label-misuse": ["error", { allowAnyNamable: true }],
      // The style sheet keeps these in one line.
      "tel-non-breaking": ["error", { ignoreClasses: ["tel"] }],
    },
  }),
);

rmSync(SCREENSHOTS, { recursive: true, force: true });
mkdirSync(SCREENSHOTS, { recursive: true });
const house = await openHouse();
after(() => house.close());
const seen = await settle(house);
const readers = new Map();

test("every route that opens something is in the list of pages", () => {
  const routes = routesOfWeb();
  assert.ok(routes.length > 10, "the routes were not found");
  const listed = new Set([...PAGES.map((page) => page.route), ...Object.keys(NO_PAGES)]);
  const forgotten = routes.filter((route) => route.opens && !listed.has(route.path)).map((route) => route.path);
  assert.deepEqual(forgotten, [], "add these to every_page.mjs");
  const paths = new Set(routes.map((route) => route.path));
  const gone = [...listed].filter((path) => !paths.has(path));
  assert.deepEqual(gone, [], "these are in every_page.mjs and no routes");
});

test("a route is read from source however it is written", () => {
  const source = `Router::new().route("/a", get(show)).route(\n  "/b/{id}",\n  post(act(1)).get(steps::back)\n).merge(all_of("/c"))
fn all_of(at: &str) -> Router {\n .route(at, get(show)).route(&of("d"), any(show))\n}
#[cfg(test)]\nmod tests {\n.route("/t", get(x))`;
  const [a, b, c, d] = ["/a", "/b/{id}", "/c", "/c/d"];
  assert.deepEqual(routesIn(source), [{ path: a, opens: true }, { path: b, opens: false }, { path: c, opens: true }, { path: d, opens: true }]);
  assert.throws(() => routesIn(".route(PATH, get(show))"));
});

for (const entry of PAGES) {
  const label = entry.name ? `${entry.route} (${entry.name})` : entry.route;
  test(`${label} is whole`, async () => {
    const wrongs = [];
    for (const language of ["ko", "en"]) wrongs.push(...(await wrongsOf(entry, language)));
    if (wrongs.length) throw wrongs.join("\n");
  });
}

test("a page that is not whole is told by each of the checks", async () => {
  // Without the worker, which would fetch the page itself.
  const page = await house.visitor({ worker: false });
  readers.set("nobody ko", page);
  await page.route("**/broken?lang=ko", (route) =>
    route.fulfill({
      contentType: "text/html; charset=utf-8",
      headers: { "content-security-policy": "default-src 'none'; style-src 'self'" },
      body: `<!doctype html><html lang="ko"><head><title>x</title><link rel="stylesheet" href="/gone.css"></head><body><main><h1>x</h1>
        <img src="/x.png"><p style="color: red">x</p><pre>${"wide".repeat(200)}</pre></main></body></html>`,
    }),
  );
  const before = house.troubles.length;
  const wrongs = (await wrongsOf({ route: "/broken", as: "nobody", at: () => "/broken" }, "ko")).join("\n");
  house.troubles.length = before;
  for (const told of ["scrolls sideways at 360 px", "axe, phone, light: image-alt", "axe, laptop, dark", "(wcag/h37)", "Content Security Policy", "gone.css"]) {
    assert.ok(wrongs.includes(told), `${told} is not among:\n${wrongs}`);
  }
});

/** What is wrong with a page in one language. */
async function wrongsOf(entry, language) {
  const page = await reader(entry.as, language);
  const wrongs = [];
  const note = (what) => wrongs.push(`${language}: ${what}`);
  const troublesBefore = house.troubles.length;
  const [[firstScreen, firstScheme]] = LOOKS[language];
  await look(page, firstScreen, firstScheme);

  const answer = await page.goto(inLanguage(entry.at(seen), language));
  if (answer.status() !== (entry.status ?? 200)) return [`${language}: answered ${answer.status()}`];
  let source = await answer.text();
  if (entry.then) {
    const next = page.waitForResponse((response) => response.request().isNavigationRequest());
    await entry.then(page);
    source = await (await next).text();
  }
  const shownIn = await page.locator("html").getAttribute("lang");
  if (shownIn !== language && !entry.bilingual) note(`shown in ${shownIn}`);
  for (const { messages } of html.validateStringSync(source).results) {
    for (const found of messages) note(`html, line ${found.line}: ${found.message} (${found.ruleId})`);
  }
  await page.evaluate(AXE);
  for (const [screen, scheme] of LOOKS[language]) {
    await look(page, screen, scheme);
    const wide = await tooWide(page);
    if (wide) note(`scrolls sideways at ${SCREENS[screen][0]} px, by ${wide}`);
    await page.screenshot({ path: `${SCREENSHOTS}${fileName(entry)}.${language}.${SCREENS[screen][0]}.${scheme}.png`, fullPage: true });
    if (screen === "tablet") continue;
    for (const found of await axe(page)) note(`axe, ${screen}, ${scheme}: ${found}`);
  }
  for (const trouble of house.troubles.slice(troublesBefore)) note(trouble);
  return wrongs;
}

/** Some pages are in their guest's language unless their reader chose another. */
function inLanguage(address, language) {
  return `${address}${address.includes("?") ? "&" : "?"}lang=${language}`;
}

async function reader(as, language) {
  const key = `${as} ${language}`;
  if (!readers.has(key)) {
    const page = await house.visitor({ language });
    if (as) await house.signedIn(page, as);
    readers.set(key, page);
  }
  return readers.get(key);
}

async function look(page, screen, colorScheme) {
  const [width, height] = SCREENS[screen];
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
}

/** By how much a page scrolls sideways, and what may be why; nothing if it does not. */
function tooWide(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return undefined;
    const all = [...document.body.querySelectorAll("*")];
    const over = all.filter((one) => one.getBoundingClientRect().left + Math.max(one.scrollWidth, one.offsetWidth ?? 0) > clientWidth + 1);
    const named = over.slice(-3).map((one) => `${one.tagName.toLowerCase()}.${one.className} "${one.textContent.trim().slice(0, 30)}"`);
    return `${scrollWidth - clientWidth} px: ${named.join(", ")}`;
  });
}

async function axe(page) {
  const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  return violations.flatMap((rule) => rule.nodes.slice(0, 3).map((node) => `${rule.id}: ${node.failureSummary.replaceAll(/\s+/g, " ")} ${node.html.slice(0, 160)}`));
}

function fileName(entry) {
  const path = entry.route.replaceAll(/[{}*]/g, "").replaceAll("/", "-").replace(/^-/, "") || "home";
  return entry.name ? `${path}.${entry.name}` : path;
}
