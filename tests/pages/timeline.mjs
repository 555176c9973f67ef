// How a hand finds its way on the timeline of an evening.

/** The row of a table. */
export function rowOf(page, table) {
  const name = page.getByRole("rowheader", { name: new RegExp(`^${table}( |$)`) });
  return page.locator("#timeline tbody tr").filter({ has: name });
}

/** A party that is set down, by its name or by name and status. */
export function partyOf(page, name) {
  return page.locator("#timeline").getByRole("link", { name: new RegExp(name) });
}

/** The middle of a table's row in the column of a quarter hour, in pixels of the window. */
export async function placeOf(page, table, time) {
  const row = await rowOf(page, table).boundingBox();
  const column = await page.locator(`#timeline th[data-time="${time}"]`).boundingBox();
  return [column.x + column.width / 2, row.y + row.height / 2];
}

/** Drags a party by its first quarter hour. */
export async function drag(page, name, to) {
  const from = await partyOf(page, name).boundingBox();
  await page.mouse.move(from.x + 8, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 20, from.y + from.height / 2 + 8);
  await page.mouse.move(...to, { steps: 8 });
  await page.mouse.up();
}
