// A restaurant from its registration to its first guests, by pages alone.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openHouse } from "./house.mjs";
import { drag, partyOf, placeOf, rowOf } from "./timeline.mjs";
import { WORDS } from "./words.mjs";

const TODAY = "2026-12-01";
const words = WORDS.ko;
const house = await openHouse({ now: `${TODAY}T16:00:00+09:00` });
after(() => house.close());

const owner = await house.visitor({ screen: "laptop" });
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const follow = (page, name) => page.locator("main").getByRole("link", { name }).first().click();

test("somebody signs up, and follows the mail's link", async () => {
  await owner.goto("/sign-up");
  await owner.getByLabel("이름").fill("온지우");
  await owner.getByLabel("이메일").fill("jiwoo@jari.test");
  await owner.getByLabel("비밀번호").fill("여름밤의 국수 한그릇");
  await press(owner, "가입하기");
  await owner.getByRole("heading", { name: "메일을 확인해 주세요" }).waitFor();
  await owner.goto(await house.mailedLink("jiwoo@jari.test", "/verify/"));
  await press(owner, "네, 제 주소입니다");
  await owner.getByRole("button", { name: "로그아웃" }).waitFor();
});

test("they register a restaurant, with faults told beside their inputs", async () => {
  await owner.getByRole("link", { name: "식당 관리" }).click();
  await follow(owner, "식당 등록하기");
  const inLanguages = async (group, korean, english) => {
    await owner.getByRole("group", { name: group }).getByLabel("한국어").fill(korean);
    await owner.getByRole("group", { name: group }).getByLabel("영어").fill(english);
  };
  await inLanguages("식당 이름", "온기상점", "Ongi Store");
  await inLanguages("주소", "서울 성동구 서울숲길 1", "1 Seoulsup-gil, Seongdong-gu, Seoul");
  await owner.getByLabel("전화번호").fill("02-1234-5678");
  await owner.getByLabel("예약 알림 이메일").fill("ongi@jari.test");
  await owner.getByLabel("위도").fill("북위 37도");
  await owner.getByLabel("경도").fill("127.0403");
  await owner.getByLabel("지역").selectOption({ label: "서울 성수" });
  await owner.getByLabel("한식").check();
  await press(owner, "등록하고 설정 시작하기");
  const latitude = owner.getByLabel("위도");
  assert.equal(await latitude.getAttribute("aria-invalid"), "true");
  assert.equal(await latitude.inputValue(), "북위 37도", "what was typed is kept");
  await latitude.fill("37.5446");
  await press(owner, "등록하고 설정 시작하기");
  await owner.getByRole("heading", { name: "한눈에 보기" }).waitFor();
  assert.equal(await owner.getByRole("button", { name: "승인 요청하기" }).count(), 0, "too early to ask for approval");
});

test("they set up tables and hours, and see the times that result before they save", async () => {
  await follow(owner, /테이블 하나 이상/);
  if ((await owner.getByRole("group", { name: "구역 1" }).count()) === 0) await press(owner, "구역 추가");
  await owner.getByRole("group", { name: "구역 1" }).getByLabel("한국어").fill("홀");
  await owner.getByRole("group", { name: "구역 1" }).getByLabel("영어").fill("Hall");
  for (const n of [1, 2, 3]) {
    await press(owner, "테이블 추가");
    const table = owner.getByRole("group", { name: `테이블 ${n}` });
    await table.getByLabel("이름이나 번호").fill(`창${n}`);
    await table.getByLabel("최소 인원").fill("1");
    await table.getByLabel("최대 인원").fill("2");
  }
  await press(owner, "저장");
  await owner.getByText("저장했습니다.").waitFor();

  await owner.getByRole("link", { name: "영업시간", exact: true }).first().click();
  await press(owner, "저녁 추가");
  for (const day of await owner.getByRole("group", { name: "요일" }).getByRole("checkbox").all()) await day.check();
  await press(owner, "예약 시간 미리 보기");
  const preview = owner.locator("#preview");
  await preview.getByText(/7:00|19:00/).first().waitFor();
  const shown = new URL(owner.url()).pathname;
  const looked = await house.visitor({ screen: "laptop" });
  await looked.context().addCookies(await owner.context().cookies());
  await looked.goto(shown);
  assert.equal(await looked.getByRole("group", { name: "시간대 1" }).count(), 0, "nothing is saved yet");
  await press(owner, "저장");
  await owner.getByText("저장했습니다.").waitFor();
});

test("they ask for approval, and an admin approves", async () => {
  await owner.getByRole("link", { name: "한눈에 보기" }).click();
  await press(owner, "승인 요청하기");
  await owner.getByText("승인을 기다리고 있습니다").waitFor();

  const admin = await house.visitor({ screen: "laptop" });
  await house.signIn(admin, "admin");
  await admin.getByRole("link", { name: "운영 관리" }).click();
  await follow(admin, "온기상점");
  await admin.getByText("서울숲길 1").waitFor();
  await press(admin, "승인합니다");
  await admin.getByText("예약 받는 중").waitFor();
  await owner.reload();
  await owner.getByText("손님들이 이 식당을 찾아 예약할 수 있습니다.").waitFor();
  assert.match((await house.mails("ongi@jari.test"))[0].subject, /등록이 승인되었습니다/);
});

test("they hire a host by the address of their account", async () => {
  await owner.getByRole("link", { name: "직원", exact: true }).first().click();
  await owner.getByLabel("이메일").fill("host@jari.test");
  await press(owner, "직원 추가");
  await owner.getByText("host@jari.test").first().waitFor();
});

test("a diner finds it and books for tonight", async () => {
  const diner = await house.visitor();
  await diner.goto("/");
  await diner.getByLabel("날짜", { exact: true }).fill(TODAY);
  await diner.locator("summary", { hasText: "이름으로 좁히기" }).click();
  await diner.getByLabel("식당 이름").fill("온기상점");
  await press(diner, words.search);
  await follow(diner, "온기상점");
  await diner.getByRole("button", { name: words.at(19) }).click();
  await diner.getByLabel(words.name, { exact: true }).fill("김민지");
  await diner.getByLabel(words.email, { exact: true }).fill("minji@jari.test");
  await press(diner, words.book);
  await diner.getByRole("heading", { name: words.confirmed }).waitFor();
});

test("the host moves the party by drag and by keys, seats it, and it leaves", async () => {
  await house.advance("PT2H50M");
  const host = await house.visitor({ screen: "laptop" });
  await house.signIn(host, "host");
  await host.getByRole("link", { name: "식당 관리" }).click();
  await host.getByRole("listitem").filter({ hasText: "온기상점" }).getByRole("link", { name: "오늘 예약" }).click();
  await partyOf(host, "김민지").waitFor();
  const isAt = async (table) => (await rowOf(host, table).getByRole("link", { name: /김민지/ }).count()) > 0;
  const to = (await isAt("창3")) ? "창1" : "창3";
  await drag(host, "김민지", await placeOf(host, to, "19:15"));
  await rowOf(host, to).getByRole("link", { name: /김민지/ }).waitFor();

  await partyOf(host, "김민지").focus();
  for (const key of ["m", to === "창3" ? "ArrowUp" : "ArrowDown", "ArrowLeft", "Enter"]) await host.keyboard.press(key);
  await rowOf(host, "창2").getByRole("link", { name: /김민지.*(19|오후 7):00/ }).click();
  await host.getByRole("dialog").getByRole("button", { name: "착석", exact: true }).click();
  await partyOf(host, "김민지.*착석").waitFor();
  await partyOf(host, "김민지").click();
  await host.getByRole("dialog").getByRole("button", { name: "식사 마침" }).click();
  await host.getByRole("dialog").waitFor({ state: "hidden" });
  await host.getByRole("link", { name: "목록" }).click();
  await host.getByRole("row", { name: /김민지.*창2.*식사 마침/ }).waitFor();
});

test("no page complained", () => assert.deepEqual(house.troubles, []));
