import { aTime, anEvening, awake, book, bookButton, expect, hold, introduce, newGuest, slot, test, venuePage } from './house.ts';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('from the front door to a table', async ({ page, request }) => {
      const time = await aTime(request, 'grelha-vinte-e-oito', 3);
      await page.goto('/');
      await page.getByLabel('Where').fill('Grelha');
      await page.getByLabel('Day').fill(time.date);
      await page.getByLabel('Guests').selectOption('3');
      await page.getByRole('button', { name: 'Find a table' }).click();
      await expect(page).toHaveURL(/\/search\?/);
      await page.locator('.venue-card').filter({ hasText: 'Grelha' }).getByRole('link').first().click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Grelha');
      await expect(page.getByLabel('Day', { exact: true })).toHaveValue(time.date);
      await expect(page.getByLabel('Guests', { exact: true })).toHaveValue('3');
      await slot(page, time.clock).click();
      await page.locator('form.picker button[type=submit]').click();

      await expect(page.getByRole('heading', { name: 'Who is coming?' })).toBeVisible();
      await expect(page.locator('aside.ticket')).toContainText(time.clock);
      await expect(page.locator('aside.ticket [role=timer]')).toHaveText(/^[45]:\d\d$/);
      await introduce(page);
      await page.getByLabel('Anything the restaurant should know').fill('A quiet corner, please.');
      await page.getByLabel('Occasion').selectOption('anniversary');
      await bookButton(page).click();

      await expect(page.getByRole('heading', { level: 1 })).toContainText('See you on');
      await expect(page.locator('.ticket.wide')).toContainText(time.clock);
      await expect(page.locator('.ticket.wide')).toContainText('A quiet corner, please.');
      expect(page.url()).not.toContain('Ada');
      expect(page.url()).not.toContain('%40');
    });

    test('a time in the results leads to its own choice', async ({ page, request }) => {
      const time = (await anEvening(request, 'larkspur-diner')).find(({ clock }) => clock >= '18:00')!;
      await page.goto(`/search?q=Larkspur&date=${time.date}&time=${time.clock}&party=2`);
      await page.locator('.venue-card .slots').getByRole('link', { name: time.clock }).first().click();
      await expect(page).toHaveURL(/\/venues\/larkspur-diner/);
      await expect(slot(page, time.clock).getByRole('radio')).toBeChecked();
      const button = page.locator('form.picker button[type=submit]');
      await expect(button).toContainText(javaScriptEnabled ? `Hold ${time.clock}` : 'Hold this table');
      await button.click();
      await expect(page.locator('aside.ticket')).toContainText(time.clock);
    });

    test('another day and another party bring other times', async ({ page, request }) => {
      const [first, second] = [await aTime(request), await aTime(request, undefined, 4)];
      await page.goto(venuePage(first));
      await page.getByLabel('Guests', { exact: true }).selectOption('4');
      await page.getByLabel('Day', { exact: true }).fill(second.date);
      if (!javaScriptEnabled) await page.getByRole('button', { name: 'Show times' }).click();
      await expect(page.locator('form.picker input[name=date]')).toHaveValue(second.date);
      await expect(page.locator('form.picker input[name=party]')).toHaveValue('4');
      await expect(page).toHaveURL(new RegExp(`[?&]date=${second.date}`));
      await slot(page, second.clock).click();
      await page.locator('form.picker button[type=submit]').click();
      await expect(page.locator('aside.ticket')).toContainText(second.clock);
    });

    test('the confirmation gives a calendar entry', async ({ page, request }) => {
      await hold(page, await aTime(request));
      await book(page);
      const link = page.getByRole('link', { name: 'Add to calendar' });
      const answer = await request.get((await link.getAttribute('href'))!);
      expect(answer.headers()['content-type']).toContain('text/calendar');
      const entry = await answer.text();
      expect(entry).toContain('BEGIN:VEVENT');
      expect(entry).toContain('SEQUENCE:0');
    });

    test('what is wrong is said beside its field, and what was typed stays', async ({ page, request }) => {
      await hold(page, await aTime(request));
      const address = new URL(page.url()).pathname;
      await page.getByLabel('Name').fill('Ada Larkin');
      await page.getByLabel('Email').fill('not an address');
      await page.getByLabel('Phone').fill('12');
      await page.getByLabel('Anything the restaurant should know').fill('<b>No nuts</b> & no "seeds"');
      await bookButton(page).click();
      const summary = page.getByRole('alert').filter({ hasText: 'things to put right' });
      await expect(summary).toBeVisible();
      await expect(summary.getByRole('link')).toHaveCount(2);
      await expect(page.locator('#email-wrong')).toContainText('does not look like an email address');
      await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
      await expect(page.getByLabel('Name')).toHaveValue('Ada Larkin');
      await expect(page.getByLabel('Phone')).toHaveValue('12');
      await expect(page.getByLabel('Anything the restaurant should know')).toHaveValue('<b>No nuts</b> & no "seeds"');
      expect(new URL(page.url()).pathname).toBe(address);
      await summary.getByRole('link').first().click();
      await expect(page.getByLabel('Email')).toBeFocused();
      await page.getByLabel('Phone').fill('');
      await book(page);
    });

    test('a large party asks, and is told so', async ({ page, request }) => {
      const free = await anEvening(request, 'little-ararat', 2, 1);
      const parties = [8, 9, 10, 12, 14, 16, 20];
      for (const party of parties) {
        const answer = await request.get('/api/v1/venues/little-ararat/availability', { params: { date: free[0]!.date, party } });
        const { starts } = (await answer.json()) as { starts: { start: string; local: string; state: string }[] };
        const asked = starts.find(({ state }) => state === 'request');
        if (asked) {
          await hold(page, { slug: 'little-ararat', date: free[0]!.date, start: asked.start, clock: asked.local, party });
          await expect(bookButton(page)).toContainText('Ask for');
          await book(page);
          await expect(page.getByRole('heading', { level: 1 })).toContainText('will reply by email');
          return;
        }
      }
      throw new Error('this venue takes every party at once');
    });

    test('more time is given on asking, up to a limit', async ({ page, request }) => {
      await hold(page, await aTime(request));
      await page.getByLabel('Name').fill('Ada Larkin');
      const more = page.getByRole('button', { name: 'More time' });
      await more.click();
      await expect(page.locator('main [role=timer]')).toHaveText(/^(9|10):\d\d$/);
      await expect(page.getByLabel('Name')).toHaveValue('Ada Larkin');
      await more.click();
      await expect(page.locator('main [role=timer]')).toHaveText(/^1[45]:\d\d$/);
      await expect(more).toBeHidden();
      await book(page);
    });

    test('going back lets the table go', async ({ page, request }) => {
      const time = await aTime(request);
      await hold(page, time);
      const held = new URL(page.url()).pathname.split('/')[2]!;
      await page.getByRole('button', { name: 'Time and table' }).click();
      await expect(page).toHaveURL(new RegExp(`/venues/${time.slug}`));
      expect((await request.get(`/api/v1/holds/${held}`)).status()).toBe(409);
    });

    test('choosing another table lets this one go and keeps what was wished for', async ({ page, request }) => {
      const time = await aTime(request);
      await page.goto(`${venuePage(time)}&needs=step_free`);
      await page.locator('form.picker label.slot').first().click();
      await page.locator('form.picker button[type=submit]').click();
      await expect(page.getByRole('heading', { name: 'Who is coming?' })).toBeVisible();
      const held = new URL(page.url()).pathname.split('/')[2]!;
      await page.getByRole('button', { name: 'Choose another table' }).click();
      await expect(page).toHaveURL(new RegExp(`/venues/${time.slug}.*needs=step_free`));
      await expect(page.locator('.wishes input[value=step_free]')).toBeChecked();
      expect((await request.get(`/api/v1/holds/${held}`)).status()).toBe(409);
    });
  });
}

test('a field is looked at when it is left, and no longer when it is mended', async ({ page, request }) => {
  await hold(page, await aTime(request));
  const mail = page.getByLabel('Email');
  await expect(async () => {
    await mail.fill('ada@');
    await mail.blur();
    await expect(page.locator('#email-wrong')).toBeVisible({ timeout: 500 });
  }).toPass();
  await mail.fill(newGuest().email);
  await mail.blur();
  await expect(page.locator('#email-wrong')).toBeHidden();
  await expect(mail).not.toHaveAttribute('aria-invalid', 'true');
});

test('more time that is pressed twice is asked for once', async ({ page, request }) => {
  await hold(page, await aTime(request));
  await awake(page);
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let asked = 0;
  await page.route('**/ui/extend_hold', async (route) => {
    asked += 1;
    await held;
    await route.continue();
  });
  const more = page.getByRole('button', { name: 'More time' });
  await more.click();
  await expect(more).toHaveAttribute('aria-busy', 'true');
  await more.click();
  await expect.poll(() => asked).toBe(1);
  letGo();
  await expect(page.locator('main [role=timer]')).toHaveText(/^(9|10):\d\d$/);
  await expect(more).not.toHaveAttribute('aria-busy', 'true');
  expect(asked).toBe(1);
});

test('a wish that was changed before the page was awake brings its times', async ({ page, request }) => {
  const time = await aTime(request, undefined, 4);
  let wake = () => {};
  const waking = new Promise<void>((resolve) => {
    wake = resolve;
  });
  await page.route('**/*.wasm', async (route) => {
    await waking;
    await route.continue();
  });
  await page.goto(venuePage({ ...time, party: 2 }), { waitUntil: 'domcontentloaded' });
  const button = page.getByRole('button', { name: 'Show times' });
  await expect(button).toBeVisible();
  await page.getByLabel('Guests', { exact: true }).selectOption('4');
  wake();
  await expect(page.locator('form.picker input[name=party]')).toHaveValue('4');
  await expect(button).toBeHidden();
});

test('the address follows the choice, and back returns to the page before', async ({ page, request }) => {
  const [first, second] = [await aTime(request), await aTime(request)];
  await page.goto('/');
  await page.goto(venuePage(first));
  await page.getByLabel('Day', { exact: true }).fill(second.date);
  await expect(page).toHaveURL(new RegExp(second.date));
  await page.reload();
  await expect(page.getByLabel('Day', { exact: true })).toHaveValue(second.date);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('three steps');
});

test('after booking, the way back offers nothing twice', async ({ page, request }) => {
  await hold(page, await aTime(request));
  await book(page);
  await page.goBack();
  await expect(page.locator('main')).toContainText(/hold has ended|Who is coming/);
  if (await bookButton(page).isVisible()) {
    await bookButton(page).click();
    await expect(page.locator('main')).toContainText(/See you on|hold has ended|run out/);
  }
});
