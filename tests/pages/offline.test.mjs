// The house can't be reached.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openHouse } from "./house.mjs";

const house = await openHouse();
after(() => house.close());

test("whoever has been here before sees a page of ours when the house can't be reached", async () => {
  const page = await house.visitor();
  await page.goto("/");
  // That the worker calls itself activated is not enough: a browser asked in the moment before it has the page does without.
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await house.goAway();
  await page.goto("/restaurants/rst_01jar100000000000000000001");
  await page.getByRole("heading", { name: /offline|연결/i }).first().waitFor();
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgba(0, 0, 0, 0)", "in our own style");
});
