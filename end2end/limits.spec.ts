import { aTime, anEvening, awake, bookButton, expect, hold, introduce, test, venuePage } from './house.ts';
import type { Request } from '@playwright/test';

const times = '**/ui/load_availability';
const refusal = (seconds: number) => ({
  status: 429,
  headers: { 'retry-after': `${seconds}` },
  contentType: 'application/json',
  body: JSON.stringify({ Throttled: { retry_after: seconds } }),
});

test('who is asked to wait sees for how long, and then no more', async ({ page, request }) => {
  const [first, second] = [await aTime(request), await aTime(request)];
  await page.goto(venuePage(first));
  await awake(page);
  await page.clock.install();
  await page.route(times, (route) => route.fulfill(refusal(4)));
  await page.getByLabel('Day', { exact: true }).fill(second.date);
  await page.clock.runFor(400);
  const banner = page.getByRole('status').filter({ hasText: 'You can go on in' });
  await expect(banner).toBeVisible();
  await expect(banner).toContainText('That was a lot in a short time. You can go on in 4 seconds.');
  await page.clock.runFor(1000);
  await expect(banner).toContainText('in 3 seconds.');
  await page.clock.runFor(3000);
  await expect(page.locator('#pause')).toBeHidden();
});

test('who books too often is stopped before the server has to', async ({ page, request }) => {
  await hold(page, await aTime(request));
  await awake(page);
  await introduce(page);
  let asked = 0;
  const refused = { Refused: { code: 'no_table', sentence: 'Every table that fits is taken at that time.' } };
  await page.route('**/ui/book_table', async (route) => {
    asked += 1;
    await route.fulfill({ status: 409, contentType: 'application/json', body: JSON.stringify(refused) });
  });
  // The hold was the first of five.
  for (let tried = 1; tried <= 4; tried += 1) {
    await bookButton(page).click();
    await expect.poll(() => asked).toBe(tried);
    await expect(page.locator('#refused')).toContainText('is taken');
    await expect(bookButton(page)).not.toHaveAttribute('aria-busy', 'true');
  }
  await bookButton(page).click();
  await expect(page.locator('#pause')).toContainText('That was a lot of booking in a short time.');
  expect(asked).toBe(4);
  await expect(page.getByLabel('Name')).toHaveValue('Ada Larkin');
  // It is kept for as long as the tab is open, and fills up again.
  const kept = await page.evaluate(() => sessionStorage.getItem('trestle-booking'));
  expect(Number(kept)).toBeGreaterThan(Date.now());
  await page.evaluate(() => sessionStorage.removeItem('trestle-booking'));
  await bookButton(page).click();
  await expect.poll(() => asked).toBe(5);
});

test('a search too many stays on its page', async ({ page }) => {
  await page.goto('/');
  await awake(page);
  await page.evaluate(() => sessionStorage.setItem('trestle-search', `${Date.now() + 60_000}`));
  await page.locator('.finder button[type=submit]').click();
  await expect(page.locator('#pause')).toContainText('That was a lot of searching in a short time.');
  await expect(page).toHaveURL(/\/$/);
});

test.describe('a guest who cannot decide', () => {
  test.use({ bad: /ERR_ABORTED/ });

  test('is waited for, and what is no longer wanted is broken off', async ({ page, request }) => {
    const evening = await anEvening(request);
    const days = [0, 1, 2, 3].map((days) => new Date(Date.parse(evening[0]!.date) + days * 86_400_000).toISOString().slice(0, 10));
    await page.goto(venuePage(evening[0]!));
    await awake(page);
    const [asked, broken]: [string[], string[]] = [[], []];
    const date = (request: Request) => (request.postDataJSON() as { ask: { date: string } }).ask.date;
    let answer = () => {};
    const answered = new Promise<void>((done) => {
      answer = done;
    });
    await page.route(times, async (route) => {
      asked.push(date(route.request()));
      // The first answer takes its time.
      if (asked.length === 1) await answered;
      // What was broken off takes no answer.
      await route.continue().catch(() => {});
    });
    page.on('requestfailed', (request) => {
      if (request.url().endsWith('/ui/load_availability')) broken.push(date(request));
    });
    const day = page.getByLabel('Day', { exact: true });
    await day.evaluate((input: HTMLInputElement, days) => {
      for (const day of days) {
        input.value = day;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      }
    }, days.slice(1, 3));
    await expect.poll(() => asked).toEqual([days[2]]);
    expect(broken).toEqual([]);
    await day.fill(days[3]!);
    await expect.poll(() => asked).toEqual([days[2], days[3]]);
    await expect.poll(() => broken).toEqual([days[2]]);
    await expect(page).toHaveURL(new RegExp(`date=${days[3]}`));
    answer();
    await expect(page).toHaveURL(new RegExp(`date=${days[3]}`));
    await expect(page.locator('#pause')).toBeHidden();
  });
});
