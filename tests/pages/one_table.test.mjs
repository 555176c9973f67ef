// There is one table, and one reservation of it, whatever browsers do.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { book, guest, openBistro, signedIn } from "./by_api.mjs";
import { openHouse } from "./house.mjs";
import { WORDS } from "./words.mjs";

const words = WORDS.ko;
const house = await openHouse();
after(() => house.close());

const BISTRO = await openBistro(house);
let days = 3;
/** A day of its own for each test, as there is one table. */
const anotherDay = () => `2026-12-${String(++days).padStart(2, "0")}`;
const atSeven = words.at(19);

async function atTheTimes(day, options) {
  const page = await house.visitor(options);
  await page.goto(`/restaurants/${BISTRO}?date=${day}&party=2`);
  return page;
}

/** Reservations and holds of the day that are alive. */
async function inTheBook(day) {
  const sheet = await house.get(`/v1/restaurants/${BISTRO}/days/${day}`, await signedIn(house, "owner"));
  return sheet.reservations.filter((one) => ["held", "requested", "confirmed"].includes(one.status));
}

async function fill(page, name, email) {
  await page.getByLabel(words.name, { exact: true }).fill(name);
  await page.getByLabel(words.email, { exact: true }).fill(email);
}

const timesInstead = (page) => page.locator("main").getByRole("button", { name: words.time });

for (const scripts of [true, false]) {
  const how = scripts ? "" : ", without scripts";

  test(`of two who press at once, one holds the last table and the other gets the nearest times${how}`, async () => {
    const day = anotherDay();
    const pages = [await atTheTimes(day, { scripts }), await atTheTimes(day, { scripts })];
    await Promise.all(pages.map((page) => page.getByRole("button", { name: atSeven }).click()));
    await Promise.all(pages.map((page) => page.getByRole("heading", { level: 1 }).getByText(new RegExp(`${words.details}|${words.faster}`)).waitFor()));
    const headings = await Promise.all(pages.map((page) => page.getByRole("heading", { level: 1 }).textContent()));
    const [winner, loser] = headings[0] === words.details ? pages : [...pages].reverse();
    assert.deepEqual([...headings].sort(), [words.details, words.faster].sort());

    const instead = await timesInstead(loser).allTextContents();
    assert.ok(instead.length > 0 && !instead.includes(atSeven), `${instead}`);
    await fill(winner, "먼저", `first-${scripts}@jari.test`);
    await winner.getByRole("button", { name: words.book }).click();
    await winner.getByRole("heading", { name: words.confirmed }).waitFor();
    // The times told are to be had.
    await timesInstead(loser).first().click();
    await loser.getByRole("heading", { name: words.details }).waitFor();
    await fill(loser, "나중", `second-${scripts}@jari.test`);
    await loser.getByRole("button", { name: words.book }).click();
    await loser.getByRole("heading", { name: words.confirmed }).waitFor();
    assert.equal((await inTheBook(day)).length, 2);
  });

  test(`double clicks, the back button and reloading make no second reservation${how}`, async () => {
    const day = anotherDay();
    const page = await atTheTimes(day, { scripts });
    await page.getByRole("button", { name: words.at(17) }).dblclick();
    await page.getByRole("heading", { name: words.details }).waitFor();
    assert.equal((await inTheBook(day)).length, 1, "one hold of two clicks");
    await fill(page, "김민지", `twice-${scripts}@jari.test`);
    await page.getByRole("button", { name: words.book }).dblclick();
    await page.getByRole("heading", { name: words.confirmed }).waitFor();
    const reservation = page.url();
    await page.reload();
    await page.getByRole("heading", { name: words.confirmed }).waitFor();

    await page.goBack();
    const again = page.getByRole("button", { name: words.book });
    if (await again.count()) await again.click();
    else await page.reload();
    await page.getByRole("heading", { name: words.confirmed }).waitFor();
    assert.equal(page.url(), reservation, "it leads to the reservation there is");

    const booked = await inTheBook(day);
    assert.deepEqual(booked.map((one) => one.status), ["confirmed"]);
    assert.equal((await house.mails(`twice-${scripts}@jari.test`)).length, 1, "one mail");
  });

  test(`a hold that ends is told kindly, with what was typed and the nearest times${how}`, async () => {
    const day = anotherDay();
    const page = await atTheTimes(day, { scripts });
    await page.getByRole("button", { name: atSeven }).click();
    await fill(page, "느긋한", `slow-${scripts}@jari.test`);
    await page.getByLabel(words.note).fill("천천히 갈게요.");
    await house.advance("PT6M");
    const other = guest("다른 분", `quick-${scripts}@jari.test`);
    await book(house, { restaurantId: BISTRO, startsAt: `${day}T19:00:00+09:00`, partySize: 2, guest: other });

    await page.getByRole("button", { name: words.book }).click();
    await page.getByText(new RegExp(`${words.holdOver}|${words.faster}`)).first().waitFor();
    assert.equal(await page.getByLabel(words.name, { exact: true }).inputValue(), "느긋한");
    assert.equal(await page.getByLabel(words.note).inputValue(), "천천히 갈게요.");
    const instead = await timesInstead(page).allTextContents();
    assert.ok(instead.length > 0 && !instead.includes(atSeven), `${instead}`);
    await timesInstead(page).first().click();
    await page.getByRole("heading", { name: words.confirmed }).waitFor();
    await page.getByText("천천히 갈게요.").waitFor();
    assert.equal((await inTheBook(day)).length, 2);
    if (!scripts) return;
    // Back, to what answered the form: a page, and not the browser's question whether to send it again.
    await page.goBack();
    await page.getByText(new RegExp(`${words.holdOver}|${words.faster}`)).first().waitFor();
  });
}

test("the page says by itself when its hold has ended", async () => {
  const page = await house.visitor();
  await page.clock.install({ time: new Date("2026-12-01T01:00:00Z") });
  await page.goto(`/restaurants/${BISTRO}?date=${anotherDay()}&party=2`);
  await page.getByRole("button", { name: atSeven }).click();
  const clock = page.getByRole("timer");
  await clock.filter({ hasText: /^[45]:\d\d$/ }).waitFor();
  assert.equal(await page.getByText(words.holdOver).isVisible(), false);
  await page.clock.runFor("06:00");
  await page.getByText(words.holdOver).waitFor();
});

test("no page complained", () => assert.deepEqual(house.troubles, []));
