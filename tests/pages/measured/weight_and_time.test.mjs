// How much a first view weighs, and how long pages take beside the JSON endpoints that say the same.

import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { after, test } from "node:test";
import { MUSOE, book, guest, signedIn } from "../by_api.mjs";
import { openHouse } from "../house.mjs";

const MOST_BYTES = 60 * 1024;
const MOST_SCRIPT_BYTES = 15 * 1024;
/** A page may take this many times as long as its JSON. */
const MOST_TIMES = 2;
const ROUNDS = 40;
const DAY = "2026-12-04";

const house = await openHouse();
after(() => house.close());

const booked = await book(house, { restaurantId: MUSOE, startsAt: `${DAY}T19:00:00+09:00`, partySize: 2, guest: guest() });
const [diner, host] = [await house.signedInCookies("diner"), await house.signedInCookies("host")];
const [dinersToken, hostsToken] = [await signedIn(house, "diner"), await signedIn(house, "host")];

test("a first view of a restaurant's page is light", async (t) => {
  const wire = await listenIn(house.url);
  t.after(() => wire.close());
  const page = await house.visitor();
  const session = await page.context().newCDPSession(page);
  const kinds = new Map();
  let scripts = 0;
  session.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (kinds.get(requestId) === "Script") scripts += encodedDataLength;
  });
  await session.send("Network.enable");
  await page.goto(`${wire.url}/restaurants/${MUSOE}?date=${DAY}&party=2`, { waitUntil: "networkidle" });
  // The worker fetches what it keeps after the page; it is counted as well.
  await page.waitForFunction(() => navigator.serviceWorker.getRegistration().then((worker) => worker?.active));
  await page.waitForLoadState("networkidle");

  t.diagnostic(`${wire.received()} bytes with all headers, of which scripts ${scripts}`);
  assert.ok(wire.received() > 5_000 && scripts > 500, "something was measured");
  assert.ok(wire.received() <= MOST_BYTES, `${wire.received()} bytes`);
  assert.ok(scripts <= MOST_SCRIPT_BYTES, `${scripts} bytes of scripts`);
});

// The build is not optimised, which a ratio can do without. It would weigh on packing alone, which takes such a build longer than
// all the rest and the deployed one next to nothing: both are asked for unpacked. Where a page says what several endpoints do,
// these count together.
const PAIRS = {
  "a restaurant's page": {
    page: [`/restaurants/${MUSOE}?date=${DAY}&party=2`],
    json: [
      [`/v1/restaurants/${MUSOE}`],
      [`/v1/restaurants/${MUSOE}/availability?partySize=2&date=${DAY}`],
      [`/v1/restaurants/${MUSOE}/availability?partySize=2&from=2026-12-01&to=2026-12-30`],
    ],
  },
  "a reservation's page": {
    page: [`/r/${booked.linkToken}`],
    json: [[`/v1/reservations/${booked.id}`, { authorization: `Bearer ${booked.linkToken}` }]],
  },
  "a diner's reservations": { page: ["/me", diner], json: [["/v1/me/reservations", dinersToken]] },
  "the evening": {
    page: [`/office/${MUSOE}/days/${DAY}`, host],
    json: [[`/v1/restaurants/${MUSOE}/days/${DAY}`, hostsToken]],
  },
};

for (const [name, { page, json }] of Object.entries(PAIRS)) {
  test(`${name} takes at most twice as long as its JSON`, async (t) => {
    const times = { page: [], json: [] };
    for (let round = -5; round < ROUNDS; round++) {
      const took = { page: await timeOf(...page), json: 0 };
      for (const endpoint of json) took.json += await timeOf(...endpoint);
      if (round >= 0) for (const kind of ["page", "json"]) times[kind].push(took[kind]);
    }
    const [pages, jsons] = [median(times.page), median(times.json)];
    t.diagnostic(`page ${pages.toFixed(1)} ms, JSON ${jsons.toFixed(1)} ms: ${(pages / jsons).toFixed(2)}`);
    assert.ok(pages / jsons <= MOST_TIMES, `${(pages / jsons).toFixed(2)} times as long`);
  });
}

/** Milliseconds from asking to having all of the answer, which must be a good one. */
async function timeOf(path, headers = {}) {
  const asked = performance.now();
  const answer = await fetch(house.url + path, { headers: { ...headers, "accept-encoding": "identity" }, redirect: "error" });
  await answer.arrayBuffer();
  const took = performance.now() - asked;
  assert.equal(answer.status, 200, path);
  return took;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** A wire to the house that counts what comes out of it. */
async function listenIn(url) {
  let received = 0;
  const wires = new Set();
  const server = createServer((near) => {
    const far = connect(new URL(url).port, "localhost");
    far.on("data", (chunk) => (received += chunk.length));
    near.pipe(far).pipe(near);
    for (const end of [near, far]) {
      wires.add(end);
      end.on("error", () => {});
      end.on("close", () => (near.destroy(), far.destroy()));
    }
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return {
    url: `http://localhost:${server.address().port}`,
    received: () => received,
    close: () => (wires.forEach((end) => end.destroy()), server.close()),
  };
}
