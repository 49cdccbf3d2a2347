import { aBooking, aTime, anEvening, awake, book, bookElsewhere, cancelElsewhere, expect, hold, linkMailedTo, newGuest, open, slot, soon, test } from './house.ts';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a booking moves and is cancelled', async ({ page, request }) => {
      const times = await anEvening(request);
      const [first, later] = [times[0]!, times.at(-1)!];
      await hold(page, first);
      const address = await book(page);
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 })).toContainText(first.clock);

      await open(page, 'Change day, time or guests');
      await slot(page, later.clock).click();
      await page.locator('form.picker button[type=submit]').click();
      await expect(page.locator('.ticket.wide time')).toHaveText(later.clock);
      await expect(page.locator('main')).toContainText('It has moved');

      const notes = await open(page, 'Tell them something');
      await notes.getByLabel('What the restaurant should know').fill('We bring a pram.');
      await notes.getByRole('button', { name: 'Save' }).click();
      await expect(page.locator('.ticket.wide')).toContainText('We bring a pram.');

      const entry = await (await request.get(`${address}/calendar.ics`)).text();
      expect(entry).toContain('SEQUENCE:2');
      const cancelling = await open(page, 'Cancel');
      await cancelling.getByLabel('A word to the restaurant').fill('We are ill.');
      await cancelling.getByRole('button', { name: 'Cancel this booking' }).click();
      await expect(page.getByRole('heading', { name: 'Another time, then.' })).toBeVisible();
      // The heading is there before the answer is; with that comes a page of its own.
      await expect(page.getByText('a note is on its way')).toBeVisible();
      await page.goto(address);
      await expect(page.locator('main')).toContainText('Cancelled');
      await expect(page.getByRole('button', { name: 'Cancel this booking' })).toHaveCount(0);
      expect(await (await request.get(`${address}/calendar.ics`)).text()).toContain('STATUS:CANCELLED');
    });

    test('who runs late says so on the day', async ({ page, request }) => {
      const { body } = await bookElsewhere(request, await soon(request));
      await page.goto(`/bookings/${body.manage_token}`);
      const late = await open(page, 'Running late');
      await late.locator('label.slot').filter({ hasText: '20 min' }).click();
      await late.getByRole('button', { name: 'Tell the restaurant' }).click();
      await expect(page.locator('main')).toContainText(/20\s*minutes late/);
      const other = await aBooking(request);
      await page.goto(`/bookings/${other.manage_token}`);
      await expect(page.locator('summary').filter({ hasText: 'Running late' })).toHaveCount(0);
    });

    test('the party and the day of a booking can be changed', async ({ page, request }) => {
      const [first, other] = [await aTime(request), await aTime(request, undefined, 4)];
      const { body } = await bookElsewhere(request, first);
      await page.goto(`/bookings/${body.manage_token}`);
      const change = await open(page, 'Change day, time or guests');
      await change.getByLabel('Guests', { exact: true }).selectOption('4');
      await change.getByLabel('Day', { exact: true }).fill(other.date);
      if (!javaScriptEnabled) await change.getByRole('button', { name: 'Show times' }).click();
      await expect(page.locator('form.picker input[name=date]')).toHaveValue(other.date);
      await slot(page, other.clock).click();
      await page.locator('form.picker button[type=submit]').click();
      await expect(page.locator('main')).toContainText('It has moved');
      await expect(page.locator('.ticket.wide time')).toHaveText(other.clock);
      await expect(page.locator('.ticket.wide')).toContainText('4');
    });

    test('where the new time is gone, the booking stands and others are offered', async ({ page, request }) => {
      const times = await anEvening(request, 'lavt-vande', 2, 2);
      const [mine, wanted] = [times[0]!, times.at(-1)!];
      const { body } = await bookElsewhere(request, mine);
      await page.goto(`/bookings/${body.manage_token}`);
      await open(page, 'Change day, time or guests');
      await slot(page, wanted.clock).click();
      for (let left = true; left; ) left = (await bookElsewhere(request, wanted)).status === 201;
      await page.locator('form.picker button[type=submit]').click();
      await expect(page.locator('#refused')).toBeVisible();
      await expect(page.locator('.ticket.wide time')).toHaveText(mine.clock);
      const instead = page.locator('#refused button').first();
      if (await instead.isVisible()) {
        const clock = (await instead.textContent())!.trim().slice(0, 5);
        await instead.click();
        await expect(page.locator('.ticket.wide time')).toHaveText(clock);
      }
    });

    test('what was changed elsewhere meanwhile is not overwritten', async ({ page, request }) => {
      const time = await aTime(request);
      const { body } = await bookElsewhere(request, time);
      await page.goto(`/bookings/${body.manage_token}`);
      const headers = { 'x-manage-token': body.manage_token };
      const elsewhere = await request.patch(`/api/v1/reservations/${body.id}`, { headers, data: { rev: 1, notes: 'From my telephone.' } });
      expect(elsewhere.status()).toBe(200);
      const cancelling = await open(page, 'Cancel');
      await cancelling.getByRole('button', { name: 'Cancel this booking' }).click();
      await expect(page.locator('body')).toContainText('changed in the meantime');
      const seen = (await (await request.get(`/api/v1/reservations/${body.id}`, { headers })).json()) as { status: string };
      expect(seen.status).toBe('booked');
    });

    test('a word that is too long is said at its field, and cancels nothing', async ({ page, request }) => {
      const body = await aBooking(request);
      await page.goto(`/bookings/${body.manage_token}`);
      if (javaScriptEnabled) await awake(page);
      const cancelling = await open(page, 'Cancel');
      const word = cancelling.getByLabel('A word to the restaurant');
      const button = cancelling.getByRole('button', { name: 'Cancel this booking' });
      await word.fill('We are ill. '.repeat(200));
      await button.click();
      await expect(word).toHaveAttribute('aria-invalid', 'true');
      await expect(page.locator('#reason-wrong')).toBeVisible();
      if (javaScriptEnabled) await expect(word).toBeFocused();
      await expect(page.locator('.toast')).toHaveCount(0);
      const headers = { 'x-manage-token': body.manage_token };
      const standing = async (): Promise<string> => ((await (await request.get(`/api/v1/reservations/${body.id}`, { headers })).json()) as { status: string }).status;
      expect(await standing()).toBe('booked');
      await word.fill('We are ill.');
      await button.click();
      await expect(page.getByText('a note is on its way')).toBeVisible();
      expect(await standing()).toBe('cancelled_guest');
    });

    test('a cancelled booking says so and offers another', async ({ page, request }) => {
      const body = await aBooking(request);
      await cancelElsewhere(request, body);
      await page.goto(`/bookings/${body.manage_token}`);
      await expect(page.getByRole('heading', { name: 'Another time, then.' })).toBeVisible();
      await page.getByRole('link', { name: 'Book another day' }).click();
      await expect(page).toHaveURL(/\/venues\//);
    });
  });
}

test('how late one will be can be said again and again', async ({ page, request }) => {
  const { body } = await bookElsewhere(request, await soon(request));
  await page.goto(`/bookings/${body.manage_token}`);
  await awake(page);
  const late = await open(page, 'Running late');
  const button = late.getByRole('button', { name: 'Tell the restaurant' });
  for (const minutes of ['15', '20', '15', '15']) {
    await late.locator('label.slot').filter({ hasText: `${minutes} min` }).click();
    const told = page.waitForResponse('**/ui/report_late');
    await button.click();
    expect((await told).status()).toBe(200);
    await expect(button).not.toHaveAttribute('aria-busy', 'true');
    await expect(page.locator('#known-late b')).toHaveText(minutes);
  }
});

test('who says how late they will be and cancels at once has cancelled', async ({ page, request }) => {
  const { body } = await bookElsewhere(request, await soon(request));
  await page.goto(`/bookings/${body.manage_token}`);
  await awake(page);
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const sent: string[] = [];
  await page.route(/\/ui\/(report_late|cancel_booking)$/, async (route) => {
    const { pathname } = new URL(route.request().url());
    sent.push(pathname);
    if (pathname === '/ui/report_late') await held;
    await route.continue();
  });
  const late = await open(page, 'Running late');
  await late.getByRole('button', { name: 'Tell the restaurant' }).click();
  await expect.poll(() => sent).toEqual(['/ui/report_late']);
  const cancelling = await open(page, 'Cancel');
  await cancelling.getByRole('button', { name: 'Cancel this booking' }).click();
  await expect(page.locator('.toast.loading')).toContainText('Cancelling your booking');
  // It does not stand there as cancelled before that is on its way.
  await expect(page.locator('#standing')).toBeVisible();
  expect(sent).toEqual(['/ui/report_late']);
  letGo();
  await expect(page.getByText('a note is on its way')).toBeVisible();
  expect(sent).toEqual(['/ui/report_late', '/ui/cancel_booking']);
});

test('the link in the email opens the booking', async ({ page, request }) => {
  const guest = newGuest();
  const body = await aBooking(request, guest);
  const link = await linkMailedTo(guest.email, '/bookings/');
  expect(link.endsWith(body.manage_token)).toBe(true);
  await page.goto(link);
  await expect(page.locator('.booking-code')).toHaveText(body.reference);
});
