// Every page there is, and how to get to it. `every_page.test.mjs` holds this list against the routes.

import { MUSOE, book, freeTimes, guest, openBistro, signedIn, submittedBistro } from "./by_api.mjs";

export const VISIT_DAY = "2026-12-04";
/** Of whom mails are caught that lead to pages of their own. */
const NEWCOMER = "newcomer@jari.test";

/** What the pages below speak of. */
export async function settle(house) {
  const [diner, owner] = [await signedIn(house, "diner"), await signedIn(house, "owner")];
  const times = await freeTimes(house, MUSOE, VISIT_DAY, 2);
  const booking = { restaurantId: MUSOE, partySize: 2 };
  const booked = await book(house, { ...booking, startsAt: times.at(-1), guest: guest() });
  const cancelled = await book(house, { ...booking, startsAt: times.at(-1), guest: guest("이서준", "seojun@jari.test") });
  await house.post(`/v1/reservations/${cancelled.id}/cancel`, {}, { authorization: `Bearer ${cancelled.linkToken}` });
  const held = await book(house, { ...booking, startsAt: times.at(-2), hold: true });
  const mine = await book(house, { ...booking, startsAt: times.at(-3), note: "창가 자리 부탁드려요." }, diner);
  const draft = await house.post(
    "/v1/restaurants",
    {
      name: { ko: "온기", en: "Ongi" },
      location: { lat: 37.5446, lng: 127.0403 },
      phone: "+82212345678",
      email: "ongi@jari.test",
    },
    { ...owner, "idempotency-key": crypto.randomUUID() },
  );
  await house.post("/v1/accounts", {
    email: NEWCOMER,
    password: "여름밤의 국수 한그릇",
    name: "박하늘",
    phone: "+821012345678",
    language: "ko",
  });
  await house.post("/v1/password-resets", { email: "concierge@jari.test" });
  return {
    booked: booked.linkToken,
    cancelled: cancelled.linkToken,
    held: held.linkToken,
    heldId: held.id,
    mine: mine.id,
    draft: draft.id,
    waiting: await submittedBistro(house, { name: "달빛국수" }),
    rejected: await rejected(house),
    bistro: await openBistro(house),
    verify: await house.mailedLink(NEWCOMER, "/verify/"),
    reset: await house.mailedLink("concierge@jari.test", "/reset/"),
  };
}

async function rejected(house) {
  const id = await submittedBistro(house, { name: "바다솥" });
  const admin = await signedIn(house, "admin");
  await house.post(`/v1/restaurants/${id}/reject`, { reason: "영업시간을 다시 확인해 주세요." }, admin);
  return id;
}

/**
 * `route` as the router has it, `at` the address to open, `as` who opens it (nobody has signed in unless it says so), `then`
 * what is done on the page before it is looked at, `status` if it is not 200, `name` where a route has several states,
 * `bilingual` if it is in both languages at once.
 */
export const PAGES = [
  { route: "/", at: () => "/" },
  { route: "/", name: "found", at: () => `/?date=${VISIT_DAY}&party=2&q=&area=seongsu` },
  { route: "/", name: "found-nothing", at: () => `/?date=${VISIT_DAY}&party=2&q=zzzzzz` },
  { route: "/restaurants/{restaurantId}", at: () => `/restaurants/${MUSOE}` },
  { route: "/restaurants/{restaurantId}", name: "day", at: () => `/restaurants/${MUSOE}?date=${VISIT_DAY}&party=2` },
  { route: "/restaurants/{restaurantId}", name: "too-many", at: () => `/restaurants/${MUSOE}?date=${VISIT_DAY}&party=20` },
  { route: "/restaurants/{restaurantId}", name: "unknown", at: () => "/restaurants/rst_0", status: 404 },
  { route: "/book/{token}", at: (seen) => `/book/${seen.held}` },
  { route: "/book/{token}", name: "faults", at: (seen) => `/book/${seen.held}`, then: sendEmpty, status: 200 },
  { route: "/r/{token}", at: (seen) => `/r/${seen.booked}` },
  { route: "/r/{token}", name: "cancelled", at: (seen) => `/r/${seen.cancelled}` },
  { route: "/r/{token}", name: "bad-link", at: () => "/r/nonsense", status: 404 },
  { route: "/r/{token}/change", at: (seen) => `/r/${seen.booked}/change` },
  { route: "/sign-up", at: () => "/sign-up" },
  { route: "/sign-up", name: "faults", at: () => "/sign-up", then: sendEmpty },
  { route: "/sign-in", at: () => "/sign-in" },
  { route: "/sign-in", name: "faults", at: () => "/sign-in", then: sendEmpty },
  { route: "/sign-up/sent", at: () => "/sign-up/sent" },
  { route: "/forgot-password", at: () => "/forgot-password" },
  { route: "/forgot-password/sent", at: () => "/forgot-password/sent" },
  { route: "/goodbye", at: () => "/goodbye" },
  { route: "/verify/{token}", at: (seen) => seen.verify },
  { route: "/verify/{token}", name: "used-link", at: () => "/verify/nonsense", status: 410 },
  { route: "/reset/{token}", at: (seen) => seen.reset },
  { route: "/me", as: "diner", at: () => "/me" },
  { route: "/me", name: "empty", as: "concierge", at: () => "/me" },
  { route: "/me/profile", as: "diner", at: () => "/me/profile" },
  { route: "/me/delete", as: "diner", at: () => "/me/delete" },
  { route: "/me/reservations/{reservationId}", as: "diner", at: (seen) => `/me/reservations/${seen.mine}` },
  {
    route: "/me/reservations/{reservationId}/change",
    as: "diner",
    at: (seen) => `/me/reservations/${seen.mine}/change?date=${VISIT_DAY}&party=3`,
  },
  { route: "/office", as: "owner", at: () => "/office" },
  { route: "/office", name: "nothing-yet", as: "diner", at: () => "/office" },
  ...["", "/profile", "/menu", "/floor", "/schedule", "/policy", "/closures", "/staff", "/audit-log"].flatMap((part) => [
    { route: `/office/{restaurantId}${part}`, as: "owner", at: () => `/office/${MUSOE}${part}` },
    { route: `/office/{restaurantId}${part}`, name: "new", as: "owner", at: (seen) => `/office/${seen.draft}${part}` },
  ]),
  { route: "/office/new", as: "diner", at: () => "/office/new" },
  { route: "/office/new", name: "faults", as: "diner", at: () => "/office/new", then: sendEmpty },
  { route: "/office/{restaurantId}/menu/{section}", as: "owner", at: () => `/office/${MUSOE}/menu/0` },
  { route: "/office/{restaurantId}/closures", name: "day", as: "owner", at: () => `/office/${MUSOE}/closures?date=${VISIT_DAY}` },
  { route: "/office/{restaurantId}", name: "waiting", as: "owner", at: (seen) => `/office/${seen.waiting}` },
  { route: "/office/{restaurantId}", name: "rejected", as: "owner", at: (seen) => `/office/${seen.rejected}` },
  { route: "/office/{restaurantId}", name: "host", as: "host", at: () => `/office/${MUSOE}` },
  { route: "/office/{restaurantId}", name: "forbidden", as: "diner", at: () => `/office/${MUSOE}`, status: 404 },
  { route: "/office/{restaurantId}/days/{date}", as: "host", at: () => `/office/${MUSOE}/days/${VISIT_DAY}` },
  { route: "/office/{restaurantId}/days/{date}", name: "today", as: "host", at: () => `/office/${MUSOE}/tonight` },
  ...["view=list", "open=walk-in", "open=phone", "open=note"].map((query) => ({
    route: "/office/{restaurantId}/days/{date}",
    name: query.replace("=", "-"),
    as: "host",
    at: () => `/office/${MUSOE}/days/2026-12-01?${query}`,
  })),
  {
    route: "/office/{restaurantId}/days/{date}",
    name: "reservation",
    as: "host",
    at: (seen) => `/office/${MUSOE}/days/${VISIT_DAY}?reservation=${seen.mine}`,
  },
  { route: "/office/{restaurantId}/days/{date}", name: "closure", as: "owner", at: () => `/office/${MUSOE}/days/${VISIT_DAY}?open=closure` },
  { route: "/admin", as: "admin", at: () => "/admin" },
  { route: "/admin/restaurants/{restaurantId}", as: "admin", at: (seen) => `/admin/restaurants/${seen.waiting}` },
  { route: "/admin/restaurants/{restaurantId}", name: "draft", as: "admin", at: (seen) => `/admin/restaurants/${seen.draft}` },
  { route: "/offline", at: () => "/offline", bilingual: true },
  { route: "/{*path}", name: "no-page", at: () => "/no/such/page", status: 404 },
];

/** Routes that open something and are no page of their own, and why. */
export const NO_PAGES = {
  "/assets/{name}": "styles, scripts and pictures",
  "/service-worker.js": "a script",
  "/sign-in/{provider}/callback": "leads on, from a provider",
  "/sign-out": "leads home",
  "/me/export": "a file",
  "/r/{token}/calendar.ics": "a file",
  "/me/reservations/{reservationId}/calendar.ics": "a file",
  "/office/{restaurantId}/tonight": "leads to the day",
  "/office/{restaurantId}/days/{date}/sheet": "a part of the day's page, for its script",
};

/** Sends the page's form with nothing in it, as a browser that checks nothing would. */
async function sendEmpty(page) {
  const form = page.locator("main form[method=post]").first();
  await form.evaluate((form) => (form.noValidate = true));
  for (const input of await form.locator("input:visible:not([type=radio],[type=checkbox])").all()) await input.fill("");
  await Promise.all([page.waitForEvent("load"), form.getByRole("button").last().click()]);
}
