import { aTime, anEvening, awake, book, bookButton, cancelElsewhere, expect, hold, introduce, slot, takeAll, test, venuePage } from './house.ts';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a time that is gone is said, and others can be had', async ({ page, request }) => {
      const times = await anEvening(request, 'horta-da-nespereira');
      const wanted = times[1]!;
      await page.goto(venuePage(wanted));
      await slot(page, wanted.clock).click();
      await takeAll(request, wanted);
      await page.locator('form.picker button[type=submit]').click();
      const refused = page.locator('#refused');
      await expect(refused).toContainText(/taken|full/);
      await expect(page).toHaveURL(/\/venues\//);
      await refused.getByRole('button').first().click();
      await expect(page.getByRole('heading', { name: 'Who is coming?' })).toBeVisible();
      await book(page);
    });

    test('a hold that ran out is said, and the table can be held again', async ({ page, request }) => {
      const time = await aTime(request);
      await hold(page, time);
      await introduce(page);
      const address = page.url();
      await request.delete(`/api/v1/holds/${new URL(address).pathname.split('/')[2]}`);
      await bookButton(page).click();
      await expect(page.getByRole('heading', { name: 'Shall we hold another?' })).toBeVisible();
      await expect(page.getByRole('button', { name: /^\d\d:\d\d/ }).first()).toBeVisible();
      await page.goto('about:blank');
      const answer = await page.goto(address);
      expect(answer?.status()).toBe(410);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.getByRole('button', { name: /^\d\d:\d\d/ }).first().click();
      await expect(page.getByRole('heading', { name: 'Who is coming?' })).toBeVisible();
      await book(page);
    });

    test('addresses that lead nowhere say so, and lead on', async ({ page }) => {
      for (const address of ['/nowhere', '/venues/no-such-place', '/bookings/not-a-token', '/book/not-a-token']) {
        const answer = await page.goto(address);
        expect(answer?.status(), address).toBe(404);
        await expect(page.getByRole('heading', { level: 1 }), address).toBeVisible();
        await page.locator('main').getByRole('link').last().click();
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      }
    });

    test('a day on which nothing can be had shows the next ones', async ({ page }) => {
      // Mondays are closed here.
      const monday = new Date(Date.now() + 14 * 86_400_000);
      monday.setUTCDate(monday.getUTCDate() + ((1 - monday.getUTCDay() + 7) % 7));
      await page.goto(`/venues/taberna-do-rio?date=${monday.toISOString().slice(0, 10)}&party=2`);
      const empty = page.locator('.times .empty');
      await expect(empty).toBeVisible();
      await empty.getByRole('link', { name: /^\d\d:\d\d/ }).first().click();
      await expect(page.locator('form.picker input[type=radio]:checked')).toHaveCount(1);
      await page.locator('form.picker button[type=submit]').click();
      await expect(page.getByRole('heading', { name: 'Who is coming?' })).toBeVisible();
    });

    test('a search that finds nothing, or makes no sense, says so', async ({ page }) => {
      await page.goto('/search?q=no+such+thing');
      await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
      for (const query of ['date=yesterday', 'party=99', 'price=9']) {
        await page.goto(`/search?${query}`);
        await expect(page.locator('.notice.bad'), query).toBeVisible();
      }
    });
  });
}

test('the clock of a hold runs out before one’s eyes', async ({ page, request }) => {
  await page.clock.install();
  await hold(page, await aTime(request));
  await awake(page);
  await expect(page.locator('main [role=timer]')).toHaveText(/^[45]:/);
  await page.clock.fastForward('04:30');
  await expect(page.locator('main [role=timer]')).toHaveText(/^0:/);
  await page.clock.fastForward('01:00');
  await expect(page.locator('.hold')).toContainText('Your hold has ended');
  await expect(bookButton(page)).toBeDisabled();
  await page.getByRole('link', { name: 'Choose again' }).click();
  await expect(page).toHaveURL(/\/venues\//);
});

test.describe('with bad luck', () => {
  test.use({ bad: /ERR_CONNECTION_RESET|status of 500|ERR_INTERNET_DISCONNECTED/ });

  test('a line that drops while booking books once', async ({ page, request }) => {
    const time = await aTime(request);
    await hold(page, time);
    await awake(page);
    let calls = 0;
    await page.route('**/ui/book_table', async (route) => {
      calls += 1;
      // The first call arrives, and its answer is lost on the way.
      if (calls === 1) {
        await route.fetch();
        await route.abort('connectionreset');
      } else {
        await route.continue();
      }
    });
    await book(page);
    expect(calls).toBe(2);
  });

  test('a house that is busy asks to wait, and what was typed stays', async ({ page, request }) => {
    await hold(page, await aTime(request));
    await awake(page);
    const busy = { status: 429, headers: { 'retry-after': '3' }, contentType: 'application/json', body: '"busy"' };
    await page.route('**/ui/book_table', (route) => route.fulfill(busy));
    await introduce(page);
    await bookButton(page).click();
    await expect(page.locator('#pause')).toContainText('You can go on in');
    await page.unroute('**/ui/book_table');
    await expect(page.locator('#pause')).toBeHidden();
    await expect(page.getByLabel('Name')).toHaveValue('Ada Larkin');
    await bookButton(page).click();
    await expect(page.locator('.booking-code')).toBeVisible();
  });

  test('times that do not come can be asked for again', async ({ page, request }) => {
    const [first, second] = [await aTime(request), await aTime(request)];
    await page.goto(venuePage(first));
    await awake(page);
    await page.route('**/ui/load_availability', (route) => route.fulfill({ status: 500, contentType: 'application/json', body: '{}' }));
    await page.getByLabel('Day', { exact: true }).fill(second.date);
    const failed = page.getByRole('alert').filter({ hasText: 'The times could not be loaded' });
    await expect(failed).toBeVisible({ timeout: 30_000 });
    await page.unroute('**/ui/load_availability');
    await failed.getByRole('button', { name: 'Try again' }).click();
    await expect(page.locator('form.picker input[name=date]')).toHaveValue(second.date);
  });

  test('who is offline is told so', async ({ page, context }) => {
    await page.goto('/venues/taberna-do-rio');
    await awake(page);
    await context.setOffline(true);
    await expect(page.locator('#offline')).toBeVisible();
    await context.setOffline(false);
    await expect(page.locator('#offline')).toBeHidden();
  });
});

test.describe('where the scripts do not come', () => {
  test.use({ bad: /ERR_FAILED|Failed to fetch|WebAssembly|wasm/i });

  test('a button shows the times', async ({ page, request }) => {
    const time = await aTime(request, undefined, 4);
    await page.route('**/*.wasm', (route) => route.abort());
    await page.goto(venuePage({ ...time, party: 2 }));
    await page.getByLabel('Guests', { exact: true }).selectOption('4');
    await page.getByRole('button', { name: 'Show times' }).click();
    await expect(page.locator('form.picker input[name=party]')).toHaveValue('4');
  });
});

test('a cancelled evening is on offer again at once', async ({ page, request }) => {
  const times = await anEvening(request, 'saltbush-and-pier');
  const wanted = times[2]!;
  const booked = await takeAll(request, wanted);
  expect(booked.length, 'what was free could be booked').toBeGreaterThan(0);
  await page.goto(venuePage(wanted));
  await expect(slot(page, wanted.clock)).toHaveCount(0);
  await cancelElsewhere(request, booked[0]!);
  await page.reload();
  await expect(slot(page, wanted.clock)).toHaveCount(1);
});
