// A house of its own for each file of tests, and a browser to look at it with. Whoever opens one closes it.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const PASSWORD = "jari-demo-2026";
/** A Tuesday morning in Seoul. Every house begins at it. */
export const OPENED_AT = "2026-12-01T10:00:00+09:00";
/** Width and height in CSS pixels: a small phone, a tablet upright, a laptop. */
export const SCREENS = { phone: [360, 740], tablet: [768, 1024], laptop: [1280, 800] };

const PROGRAM = process.env.JARI_LOCAL ?? fileURLToPath(new URL("../../target/debug/jari-local", import.meta.url));
const OPENS_WITHIN_MS = 60_000;
/** The machine may be busy with other tests. */
const PATIENCE_MS = 20_000;

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens a house with the demo data and a browser. Its clock runs on from `now`. */
export async function openHouse({ now = OPENED_AT } = {}) {
  const house = spawn(PROGRAM, ["--port", "0", "--memory", "--now", now], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, RUST_LOG: process.env.RUST_LOG ?? "warn" },
  });
  // However this process ends, and without keeping it from ending.
  for (const part of [house, house.stdout, house.stderr]) part.unref();
  const end = () => house.kill("SIGTERM");
  process.once("exit", end);
  const url = await addressOf(house);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const troubles = [];

  const ask = async (method, path, body, headers = {}) => {
    const typed = body === undefined ? headers : { "content-type": "application/json", ...headers };
    const answer = await fetch(url + path, { method, headers: typed, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return { json: text && JSON.parse(text), etag: answer.headers.get("etag") };
  };

  const sessionOf = async (name) => {
    const { json } = await ask("POST", "/v1/sessions", { email: `${name}@jari.test`, password: PASSWORD });
    return { "__Host-jari-access": json.accessToken, "__Host-jari-refresh": json.refreshToken };
  };

  return {
    url,
    browser,
    /** What pages have complained of: errors in the console, scripts that threw, refusals by the policy. */
    troubles,

    /** A browser of somebody's own: cookies, language and screen are theirs alone. */
    async visitor({ language = "ko", dark = false, screen = "phone", scripts = true, worker = true } = {}) {
      const [width, height] = SCREENS[screen];
      const context = await browser.newContext({
        baseURL: url,
        locale: language === "ko" ? "ko-KR" : "en-GB",
        colorScheme: dark ? "dark" : "light",
        viewport: { width, height },
        javaScriptEnabled: scripts,
        serviceWorkers: worker ? "allow" : "block",
        // Far from every restaurant: a time that a script made from the browser's own zone would be a wrong one.
        timezoneId: "Pacific/Honolulu",
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      watch(page, troubles);
      return page;
    },

    /** Signs one of the demo's people in, by the form. */
    async signIn(page, name) {
      await page.goto("/sign-in");
      await page.getByLabel(/이메일|e-?mail/i).fill(`${name}@jari.test`);
      await page.getByLabel(/비밀번호|password/i).fill(PASSWORD);
      await page.locator("main form").getByRole("button", { name: /로그인|sign in/i }).click();
      await page.waitForURL((address) => address.pathname !== "/sign-in");
    },

    /** Has one of the demo's people signed in already. */
    async signedIn(page, name) {
      const session = await sessionOf(name);
      // Such a name is taken from a secure address only, which a browser takes localhost for, and this call does not.
      const from = { url: url.replace("http:", "https:"), secure: true, httpOnly: true, sameSite: "Lax" };
      const cookies = Object.entries(session).map(([name, value]) => ({ name, value, ...from }));
      await page.context().addCookies(cookies);
    },

    /** The header with which a browser would show that one of the demo's people has signed in. */
    async signedInCookies(name) {
      const cookies = Object.entries(await sessionOf(name)).map((pair) => pair.join("="));
      return { cookie: cookies.join("; ") };
    },

    /** Mails to that address, newest first, when everything written so far has been mailed. */
    async mails(to) {
      await ask("POST", "/_local/stream/drained");
      return (await this.get(`/_local/mail?to=${encodeURIComponent(to)}`)).items;
    },

    /** The path of the newest link in the newest mail to that address which begins with `prefix`. */
    async mailedLink(to, prefix) {
      for (const mail of await this.mails(to)) {
        const found = new RegExp(`${url}(${prefix}[A-Za-z0-9_.~-]+)`).exec(mail.text);
        if (found) return found[1];
      }
      throw new Error(`no mail to ${to} has a link to ${prefix}`);
    },

    /** Moves the clock on, by an ISO 8601 duration. */
    advance: async (duration) => void (await ask("POST", "/_local/clock", { advance: duration })),

    /** The API, as JSON. */
    get: async (path, headers) => (await ask("GET", path, undefined, headers)).json,
    etag: async (path, headers) => (await ask("GET", path, undefined, headers)).etag,
    post: async (path, body, headers) => (await ask("POST", path, body, headers)).json,
    put: async (path, body, headers) => (await ask("PUT", path, body, headers)).json,

    /** Closes the house alone, as if it could not be reached. */
    async goAway() {
      if (house.exitCode !== null) return;
      house.ref();
      const ended = new Promise((resolve) => house.once("exit", resolve));
      end();
      await ended;
    },

    async close() {
      await browser.close();
      process.off("exit", end);
      await this.goAway();
    },
  };
}

function addressOf(house) {
  return new Promise((resolve, reject) => {
    const said = [];
    const late = setTimeout(() => reject(new Error(`the house did not open:\n${said.join("\n")}`)), OPENS_WITHIN_MS);
    house.once("error", reject);
    house.once("exit", (code) => reject(new Error(`the house closed (${code}):\n${said.join("\n")}`)));
    createInterface(house.stderr).on("line", (line) => said.push(line));
    createInterface(house.stdout).on("line", (line) => {
      const open = /^Jari is open at (\S+)$/.exec(line);
      if (!open) return;
      clearTimeout(late);
      resolve(open[1]);
    });
  });
}

function watch(page, troubles) {
  const tell = (text) => troubles.push(`${new URL(page.url()).pathname}: ${text}`);
  // "No longer free", "not so", "not found" are answers, though Chromium's console takes them for errors.
  const answers = new Set();
  page.on("response", (response) => {
    const isPage = response.request().isNavigationRequest() && response.status() < 500;
    if (isPage || [409, 412, 422].includes(response.status())) answers.add(response.url());
  });
  page.on("pageerror", (error) => tell(error.stack ?? String(error)));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const isAnswer = message.text().startsWith("Failed to load resource") && answers.has(message.location().url);
    if (!isAnswer) tell(`${message.text()} (${message.location().url})`);
  });
}
