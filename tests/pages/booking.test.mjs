// A diner finds a table, books it, changes and cancels: as a guest, signed in, without scripts, and as somebody who has
// never been here.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openHouse } from "./house.mjs";
import { WORDS } from "./words.mjs";

const DAY = "2026-12-04";
const house = await openHouse();
after(() => house.close());

/** Searches for two on the day, and takes the first time there is. */
async function searchAndHold(page, words) {
  await page.goto("/");
  await page.getByLabel(words.date, { exact: true }).fill(DAY);
  await page.getByLabel(words.party, { exact: true }).selectOption({ label: words.two });
  await page.getByRole("button", { name: words.search, exact: true }).click();
  await page.locator("main").getByRole("button", { name: words.time }).first().click();
  await page.getByRole("heading", { name: words.details }).waitFor();
}

/** From a reservation's page: one person instead of two, then not at all. */
async function changeAndCancel(page, words, scripts) {
  await page.getByRole("link", { name: words.change }).click();
  await page.getByLabel(words.party).selectOption({ label: words.one });
  if (!scripts) await page.getByRole("button", { name: words.showTimes }).click();
  await page.waitForURL(/party=1/);
  await page.getByRole("button", { name: words.time }).first().click();
  await page.getByRole("heading", { level: 1, name: words.confirmed }).waitFor();
  await page.getByText(new RegExp(words.one)).first().waitFor();
  await page.locator("summary", { hasText: words.cancel }).click();
  await page.getByRole("button", { name: words.cancelYes }).click();
  await page.getByRole("heading", { level: 1, name: words.cancelled }).waitFor();
}

async function mailedAbout(email, words) {
  const subjects = (await house.mails(email)).map((mail) => mail.subject).reverse();
  assert.equal(subjects.length, 3, subjects.join("\n"));
  const kinds = [words.mailed.confirmed, words.mailed.changed, words.mailed.cancelled];
  kinds.forEach((kind, n) => assert.match(subjects[n], kind));
}

for (const [language, scripts] of [["ko", true], ["en", true], ["ko", false], ["en", false]]) {
  const how = `${language === "ko" ? "in Korean" : "in English"}${scripts ? "" : ", without scripts"}`;
  test(`a guest searches, books, follows the mail's link, changes and cancels ${how}`, async () => {
    const words = WORDS[language];
    const email = `guest-${language}-${scripts}@jari.test`;
    const page = await house.visitor({ language, scripts });
    await searchAndHold(page, words);
    await page.getByLabel(words.name, { exact: true }).fill("김민지");
    await page.getByLabel(words.email, { exact: true }).fill(email);
    await page.getByLabel(words.note).fill("창가 자리 부탁드려요.");
    await page.getByRole("button", { name: words.book }).click();
    await page.getByRole("heading", { level: 1, name: words.confirmed }).waitFor();

    // Another browser, as of whoever reads mail on another device.
    const reader = await house.visitor({ language, scripts });
    await reader.goto(await house.mailedLink(email, "/r/"));
    await reader.getByText("창가 자리 부탁드려요.").waitFor();
    await changeAndCancel(reader, words, scripts);
    await mailedAbout(email, words);
  });
}

for (const scripts of [true, false]) {
  test(`whoever is signed in does the same with nothing to fill in${scripts ? "" : ", without scripts"}`, async () => {
    const words = WORDS.en;
    const page = await house.visitor({ language: "en", scripts });
    await house.signIn(page, "diner");
    await searchAndHold(page, words);
    assert.notEqual(await page.getByLabel(words.name, { exact: true }).inputValue(), "");
    assert.equal(await page.getByLabel(words.email, { exact: true }).inputValue(), "diner@jari.test");
    await page.getByRole("button", { name: words.book }).click();
    await page.getByRole("heading", { level: 1, name: words.confirmed }).waitFor();

    await page.getByRole("link", { name: words.myReservations }).click();
    await page.locator(`main a[href^="/me/reservations/"]`).first().click();
    await page.getByRole("heading", { level: 1, name: words.confirmed }).waitFor();
    await changeAndCancel(page, words, scripts);
  });
}

test("a stranger who does what the pages say books in at most six interactions", async () => {
  for (const language of ["ko", "en"]) {
    const words = WORDS[language];
    const page = await house.visitor({ language });
    let interactions = 0;
    const does = async (action) => (await action, interactions++);
    await page.goto("/");
    await does(page.locator("main").getByRole("button", { name: words.time }).first().click());
    await page.getByRole("heading", { name: words.details }).waitFor();
    // Whatever the page requires, and nothing else.
    for (const input of await page.locator("main :required:visible").all()) {
      if (await input.inputValue()) continue;
      await does(input.fill((await input.getAttribute("type")) === "email" ? `stranger-${language}@jari.test` : "나그네"));
    }
    await does(page.getByRole("button", { name: words.book }).click());
    await page.getByRole("heading", { level: 1, name: words.confirmed }).waitFor();
    assert.ok(interactions <= 6, `${interactions} interactions`);
    assert.ok(interactions >= 3, "they were counted");
  }
});

test("no page complained", () => assert.deepEqual(house.troubles, []));
