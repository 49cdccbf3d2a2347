import { aTime, anEvening, awake, book, bookButton, bookElsewhere, cancelElsewhere, expect, hold, introduce, newGuest, slot, takeAll, test, venuePage } from './house.ts';

test('of two tabs that want the last table one gets it', async ({ page, context, request }) => {
  const wanted = (await anEvening(request, 'the-quiet-galah'))[1]!;
  const booked = await takeAll(request, wanted);
  expect(booked.length, 'what was free could be booked').toBeGreaterThan(0);
  await cancelElsewhere(request, booked[0]!);
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto(venuePage(wanted));
    await slot(tab, wanted.clock).click();
  }
  await Promise.all([page, other].map((tab) => tab.locator('form.picker button[type=submit]').click()));
  const got = (tab: typeof page) => tab.getByRole('heading', { name: 'Who is coming?' });
  const lost = (tab: typeof page) => tab.locator('#refused');
  for (const tab of [page, other]) await expect(got(tab).or(lost(tab))).toBeVisible();
  const won = [await got(page).isVisible(), await got(other).isVisible()];
  expect(won.filter(Boolean)).toHaveLength(1);
  await book(won[0] ? page : other);
});

test('two tabs with one hold book one table', async ({ page, context, request }) => {
  const time = await aTime(request);
  await hold(page, time);
  const other = await context.newPage();
  await other.goto(page.url());
  await introduce(other);
  await book(page);
  await bookButton(other).click();
  await expect(other.locator('main')).toContainText(/run out|hold has ended/);
});

test('a button that is pressed twice books once', async ({ page, request }) => {
  const time = await aTime(request);
  const guest = newGuest();
  await hold(page, time);
  await awake(page);
  await introduce(page, guest);
  await bookButton(page).dblclick();
  await expect(page.locator('.booking-code')).toBeVisible();
  const token = new URL(page.url()).pathname.split('/')[2]!;
  // The same guest has one booking at that time, and none once that is cancelled.
  expect((await bookElsewhere(request, time, guest)).status).toBe(409);
  const id = (JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))) as { sub: string }).sub;
  await cancelElsewhere(request, { id, manage_token: token });
  expect((await bookElsewhere(request, time, guest)).status).toBe(201);
});

test('a time that is pressed twice is held once', async ({ page, request }) => {
  const time = await aTime(request);
  let calls = 0;
  page.on('request', (asked) => {
    if (asked.method() === 'POST' && /hold_table|\/venues\//.test(asked.url())) calls += 1;
  });
  await page.goto(venuePage(time));
  await awake(page);
  await slot(page, time.clock).click();
  await page.locator('form.picker button[type=submit]').dblclick();
  await expect(page.getByRole('heading', { name: 'Who is coming?' })).toBeVisible();
  expect(calls).toBe(1);
});
