// An evening as a host runs it, on a 10-inch tablet.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { MUSOE, book, guest, signedIn } from "./by_api.mjs";
import { openHouse } from "./house.mjs";
import { drag, partyOf, placeOf, rowOf } from "./timeline.mjs";

const TODAY = "2026-12-01";
const house = await openHouse({ now: `${TODAY}T16:00:00+09:00` });
after(() => house.close());
const booked = {};
for (const [name, time] of [["박서연", "18:00"], ["한여름", "18:00"], ["최도윤", "19:00"], ["강지호", "19:30"], ["정하린", "20:00"]]) {
  const startsAt = `${TODAY}T${time}:00+09:00`;
  const details = guest(name, `guest${Object.keys(booked).length}@jari.test`);
  booked[name] = await book(house, { restaurantId: MUSOE, startsAt, partySize: 2, guest: details });
}
// Shortly before the first of them comes.
await house.advance("PT1H40M");

async function tablet(options) {
  const page = await house.visitor({ screen: "laptop", ...options });
  await house.signedIn(page, "host");
  await page.goto(`/office/${MUSOE}/tonight`);
  return page;
}

/** What is so, whatever a page shows. */
async function inTheBook(id) {
  const sheet = await house.get(`/v1/restaurants/${MUSOE}/days/${TODAY}`, await signedIn(house, "host"));
  const { status, startsAt, tables, revision } = sheet.reservations.find((one) => one.id === id);
  const names = tables.map((table) => sheet.tables.find((one) => one.id === (table.id ?? table)).name);
  return { status, at: startsAt.slice(11, 16), tables: names, revision };
}

test("a host moves a party by drag, then by keys, seats it, and it leaves", async () => {
  const { id } = booked["박서연"];
  const page = await tablet();
  const { tables: [first] } = await inTheBook(id);
  const [second, third] = ["5", "6", "7"].filter((name) => name !== first);
  await partyOf(page, "박서연").scrollIntoViewIfNeeded();

  await drag(page, "박서연", await placeOf(page, second, "18:30"));
  await rowOf(page, second).getByRole("link", { name: /박서연/ }).waitFor();
  assert.deepEqual(await inTheBook(id), { status: "confirmed", at: "18:30", tables: [second], revision: 2 });

  await partyOf(page, "박서연").focus();
  await page.keyboard.press("m");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await rowOf(page, third).getByRole("link", { name: /박서연/ }).waitFor();
  assert.deepEqual(await inTheBook(id), { status: "confirmed", at: "18:45", tables: [third], revision: 3 });
  assert.equal(await page.evaluate(() => document.activeElement.dataset.name), "박서연", "the keyboard stays where it was");

  await partyOf(page, "박서연").click();
  await page.getByRole("dialog").getByRole("button", { name: "착석", exact: true }).click();
  await partyOf(page, "박서연.*착석").waitFor();
  assert.equal((await inTheBook(id)).status, "seated");

  await partyOf(page, "박서연").click();
  await page.getByRole("dialog").getByRole("button", { name: "식사 마침" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  assert.equal((await inTheBook(id)).status, "completed");
});

test("a tablet that was behind gets the current state, and nothing is lost", async () => {
  const { id } = booked["최도윤"];
  const [ahead, behind] = [await tablet(), await tablet()];
  const { tables: [table] } = await inTheBook(id);
  await partyOf(ahead, "최도윤").click();
  await ahead.getByRole("dialog").getByRole("button", { name: "착석", exact: true }).click();
  await ahead.getByRole("dialog").waitFor({ state: "hidden" });

  await partyOf(behind, "최도윤").scrollIntoViewIfNeeded();
  await drag(behind, "최도윤", await placeOf(behind, table === "8" ? "7" : "8", "19:30"));
  await behind.getByText("그사이 다른 곳에서 바뀌어").waitFor();
  await partyOf(behind, "최도윤.*착석").waitFor();
  assert.deepEqual(await inTheBook(id), { status: "seated", at: "19:00", tables: [table], revision: 2 });
});

test("a tablet sees by itself what another has done", async () => {
  const { id } = booked["정하린"];
  const [ahead, behind] = [await tablet(), await tablet()];
  await partyOf(ahead, "정하린").click();
  await ahead.getByRole("dialog").getByRole("button", { name: "착석", exact: true }).click();
  await partyOf(behind, "정하린.*착석").waitFor({ timeout: 30_000 });
  assert.equal((await inTheBook(id)).status, "seated");
});

test("without scripts, a party is seated from the list and moved by a form", async () => {
  const { id } = booked["강지호"];
  const page = await tablet({ scripts: false, language: "en" });
  await page.getByRole("link", { name: "List", exact: true }).click();
  await page.getByRole("link", { name: "강지호" }).click();
  const { tables: [table] } = await inTheBook(id);
  const next = table === "6" ? "7" : "6";
  await page.locator("summary", { hasText: "Table and time" }).click();
  for (const one of await page.locator("details[open]").getByRole("checkbox").all()) await one.uncheck();
  await page.locator("details[open]").getByRole("checkbox", { name: new RegExp(`^${next}\\b`) }).check();
  await page.locator("details[open]").getByRole("button", { name: "Table and time" }).click();
  assert.deepEqual((await inTheBook(id)).tables, [next]);
  await page.getByRole("row", { name: /강지호/ }).getByRole("button", { name: /Seat/ }).click();
  assert.equal((await inTheBook(id)).status, "seated");
});

test("a walk-in has a table in three taps, a caller in three and their name", async () => {
  const page = await tablet();
  let taps = 0;
  const tap = async (target) => (await target.click(), taps++);
  await tap(page.getByRole("link", { name: "워크인" }));
  await tap(page.getByRole("dialog").getByRole("radio", { name: /2명/ }));
  await tap(page.getByRole("dialog").getByRole("button", { name: "착석" }));
  await partyOf(page, "워크인|이름 없음").first().waitFor();
  assert.ok(taps <= 3);

  taps = 0;
  await tap(page.getByRole("link", { name: "전화 예약" }));
  await tap(page.getByRole("dialog").getByRole("radio", { name: /2명/ }));
  await page.getByRole("dialog").getByLabel("시간").selectOption({ label: "20:30" });
  await page.getByRole("dialog").getByLabel("이름").fill("윤가온");
  await tap(page.getByRole("dialog").getByRole("button", { name: "예약 넣기" }));
  await partyOf(page, "윤가온").waitFor();
  assert.ok(taps <= 3);
});

test("whoever is late is flagged", async () => {
  const page = await tablet({ language: "en" });
  assert.equal(await partyOf(page, "한여름.*Late").count(), 0);
  await house.advance("PT50M");
  await page.reload();
  await partyOf(page, "한여름.*Late").waitFor();
});

test("no page complained", () => assert.deepEqual(house.troubles, []));
