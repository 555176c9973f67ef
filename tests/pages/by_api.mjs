// What has happened before a test begins, brought about through the JSON API. Pages are for what is tested.

import { PASSWORD } from "./house.mjs";

/** The demo's first restaurant, 무쇠와 나물: twelve tables in three areas, and the demo's staff. */
export const MUSOE = "rst_01jar100000000000000000001";

/** The headers with which one of the demo's people asks the API. */
export async function signedIn(house, name, password = PASSWORD) {
  const session = await house.post("/v1/sessions", { email: `${name}@jari.test`, password });
  return { authorization: `Bearer ${session.accessToken}` };
}

/** A guest's details. */
export function guest(name = "김민지", email = "minji@jari.test", language = "ko") {
  return { name, email, phone: "+821012345678", language };
}

/** The times of a day at which a party can book, as instants. */
export async function freeTimes(house, restaurantId, date, partySize) {
  const days = await house.get(`/v1/restaurants/${restaurantId}/availability?partySize=${partySize}&date=${date}`);
  return days.days.flatMap((day) => day.slots.filter((slot) => slot.available).map((slot) => slot.startsAt));
}

/** Books, or with `hold: true` holds, a table: the reservation with its `linkToken`. */
export function book(house, booking, headers = {}) {
  return house.post("/v1/reservations", booking, { "idempotency-key": crypto.randomUUID(), ...headers });
}

/**
 * An approved restaurant with one table for two, open every evening from 17:00 to 22:00: whoever comes second is too late.
 * `tables` makes more of them.
 */
export async function openBistro(house, bistro = {}) {
  const id = await submittedBistro(house, bistro);
  await house.post(`/v1/restaurants/${id}/approve`, undefined, await signedIn(house, "admin"));
  return id;
}

/** The same, waiting for approval. */
export async function submittedBistro(house, { name = "온기", tables = 1, policy = {} } = {}) {
  const owner = await signedIn(house, "owner");
  const made = await house.post("/v1/restaurants", profile(name), { ...owner, "idempotency-key": crypto.randomUUID() });
  const at = `/v1/restaurants/${made.id}`;
  const put = async (part, content) => {
    const seen = await house.etag(`${at}/${part}`, owner);
    await house.put(`${at}/${part}`, content, { ...owner, "if-match": seen });
  };
  await put("floor", {
    areas: [{ key: "hall", name: { ko: "홀", en: "Hall" } }],
    tables: Array.from({ length: tables }, (_, n) => ({ name: `${n + 1}`, area: "hall", minParty: 1, maxParty: 2 })),
  });
  await put("schedule", { weekly: [{ days: EVERY_DAY, shift: DINNER }] });
  if (Object.keys(policy).length) await put("policy", policy);
  await house.post(`${at}/submit`, undefined, owner);
  return made.id;
}

const EVERY_DAY = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const DINNER = {
  name: { ko: "저녁", en: "Dinner" },
  opens: "17:00",
  lastSeating: "20:30",
  closes: "22:00",
  stepMinutes: 30,
};

function profile(name) {
  return {
    name: { ko: name, en: "Ongi" },
    address: { ko: "서울 성동구 서울숲길 1", en: "1 Seoulsup-gil, Seongdong-gu, Seoul" },
    description: { ko: "작은 식당입니다.", en: "A small bistro." },
    location: { lat: 37.5446, lng: 127.0403 },
    phone: "+82212345678",
    email: "ongi@jari.test",
    cuisines: ["korean"],
    area: "seongsu",
    priceBand: 2,
    timeZone: "Asia/Seoul",
    currency: "KRW",
  };
}
