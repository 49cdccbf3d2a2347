import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import {
  PASSWORD,
  aBooking,
  aTime,
  anEvening,
  awake,
  book,
  bookButton,
  cancelElsewhere,
  expect,
  finishedVisit,
  hold,
  join,
  newGuest,
  open,
  signIn,
  slot,
  soon,
  takeAll,
  test,
  venuePage,
} from './house.ts';

// Whole pages, some of them long, are looked at eight times over, and several of them in some tests.
test.describe.configure({ timeout: 240_000 });

const widths = [320, 390, 820, 1440];
const pictured = [390, 820, 1440];
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** axe finds nothing and nothing sticks out sideways, in light and dark; of each there is a picture where people run this. */
const inspect = async (page: Page, name: string) => {
  await page.evaluate(() => document.fonts.ready);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      const sticking = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(sticking, `${name} at ${width} scrolls sideways`).toBeLessThanOrEqual(0);
      if (pictured.includes(width) && process.env.CI !== 'true') {
        await page.screenshot({ path: `artefacts/pages/${name}-${width}-${colorScheme}.png`, fullPage: true });
      }
      if (width === 390 || width === 1440) {
        // No page here has frames, and nobody reads what is right.
        const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
        // Between light and dark only colours differ.
        const { violations } = await (colorScheme === 'light' ? axe.withTags(rules) : axe.withRules(['color-contrast'])).analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
        expect(found, `${name} at ${width} in ${colorScheme}`).toEqual([]);
      }
    }
  }
};

const still: [string, string, number][] = [
  ['home', '/', 200],
  ['search', '/search?q=Lisbon&party=2', 200],
  ['search-everything', '/search', 200],
  ['search-empty', '/search?q=no+such+thing', 200],
  ['search-misread', '/search?date=yesterday', 200],
  ['venue-bar', '/venues/bar-parallel-lines', 200],
  ['reviews', '/venues/taberna-do-rio/reviews', 200],
  ['search-by-rating', '/search?q=Lisbon&sort=rating', 200],
  ['not-found', '/nowhere', 404],
  ['unknown-link', '/bookings/not-a-token', 404],
  ['sign-in', '/sign-in', 200],
  ['register', '/register', 200],
  ['register-sent', '/register?done=sent', 200],
  ['forgot', '/forgot', 200],
  ['confirm', '/account/confirm/x', 200],
  ['reset', '/account/reset/x', 200],
  ['find-a-booking', '/bookings', 200],
  ['accessibility', '/accessibility', 200],
  ['privacy', '/privacy', 200],
  ['interface', '/api/docs', 200],
  ['problem-kinds', '/problems', 200],
];
for (const [name, address, status] of still) {
  test(`${name} looks right to everybody`, async ({ page }) => {
    const answer = await page.goto(address);
    expect([status, 422]).toContain(answer?.status());
    await inspect(page, name);
  });
}

test('a restaurant looks right to everybody', async ({ page, request }) => {
  const time = await aTime(request);
  await page.goto(venuePage(time));
  await slot(page, time.clock).click();
  await inspect(page, 'venue');
});

test('a restaurant that is closed that day looks right to everybody', async ({ page }) => {
  const monday = new Date(Date.now() + 14 * 86_400_000);
  monday.setUTCDate(monday.getUTCDate() + ((1 - monday.getUTCDay() + 7) % 7));
  await page.goto(`/venues/taberna-do-rio?date=${monday.toISOString().slice(0, 10)}&party=2`);
  await inspect(page, 'venue-closed');
});

test('a time that is gone looks right to everybody', async ({ page, request }) => {
  const wanted = (await anEvening(request, 'frokoststuen-hyld'))[1]!;
  await page.goto(venuePage(wanted));
  await slot(page, wanted.clock).click();
  await takeAll(request, wanted);
  await page.locator('form.picker button[type=submit]').click();
  await expect(page.locator('#refused')).toBeVisible();
  await inspect(page, 'venue-taken');
});

test('the last step looks right to everybody', async ({ page, request }) => {
  await hold(page, await aTime(request));
  await inspect(page, 'details');
  await page.getByLabel('Email').fill('not an address');
  await bookButton(page).click();
  await expect(page.locator('#problems')).toBeVisible();
  await inspect(page, 'details-wrong');
  await request.delete(`/api/v1/holds/${new URL(page.url()).pathname.split('/')[2]}`);
  await page.reload();
  await expect(page.locator('main')).toContainText('hold has ended');
  await inspect(page, 'details-over');
});

test('a booking looks right to everybody', async ({ page, request }) => {
  await hold(page, await soon(request));
  const address = await book(page);
  await inspect(page, 'confirmation');
  await page.goto(address);
  await inspect(page, 'booking');
  for (const what of ['Change day, time or guests', 'Running late', 'Tell them something', 'Cancel']) await open(page, what);
  await inspect(page, 'booking-open');
});

test('a cancelled booking looks right to everybody', async ({ page, request }) => {
  const body = await aBooking(request);
  await cancelElsewhere(request, body);
  await page.goto(`/bookings/${body.manage_token}`);
  await inspect(page, 'booking-cancelled');
});

test('a review looks right to everybody', async ({ page, request }) => {
  const { body } = await finishedVisit(request);
  await page.goto(`/bookings/${body.manage_token}`);
  await inspect(page, 'visit');
  await open(page, 'Write a review');
  await inspect(page, 'review-form');
  await page.locator('#writing form').evaluate((form: HTMLFormElement) => form.submit());
  await expect(page.locator('#problems')).toBeVisible();
  await inspect(page, 'review-wrong');
  const headers = { 'x-manage-token': body.manage_token };
  const stars = { food: 5, service: 4, ambience: 3, overall: 4 };
  const words = 'We shared the custard tart and should not have.\n\nAsk for the terrace if you can.';
  await request.post(`/api/v1/reservations/${body.id}/review`, { headers, data: { stars, body: words } });
  await page.goto(`/bookings/${body.manage_token}`);
  for (const what of ['Change your review', 'Delete your review']) await open(page, what);
  await inspect(page, 'review-written');
});

test('an account looks right to everybody', async ({ page }) => {
  await join(page);
  await inspect(page, 'account');
  for (const what of ['Your details', 'Change email address', 'Change password']) await open(page, what);
  await inspect(page, 'account-open');
  await page.context().clearCookies();
  await page.goto('/register');
  await page.locator('form.fields').evaluate((form: HTMLFormElement) => form.submit());
  await expect(page.locator('#problems')).toBeVisible();
  await inspect(page, 'register-wrong');
});

test('what is wrong with a password looks right to everybody', async ({ page }) => {
  await page.goto('/sign-in');
  await signIn(page, newGuest().email, 'not the lamp');
  await expect(page.locator('#problems')).toBeVisible();
  await inspect(page, 'sign-in-wrong');
  await page.goto('/account/reset/x');
  await page.getByLabel('New password').fill('password');
  await page.getByRole('button', { name: 'Set this password' }).click();
  await expect(page.locator('#problems')).toBeVisible();
  await inspect(page, 'reset-wrong');
  await join(page);
  await page.goto('/account/erase');
  await page.getByLabel('Your password').fill('not the lamp');
  await page.getByRole('button', { name: 'Erase my account' }).click();
  await expect(page.locator('#problems')).toBeVisible();
  await inspect(page, 'account-erase-wrong');
});

test('a page that asks to wait looks right to everybody', async ({ page }) => {
  await join(page);
  const { email } = newGuest();
  // As many letters as one address is sent within an hour.
  const form = { do: 'email', email, current_password: PASSWORD };
  for (let sent = 0; sent < 10; sent += 1) expect((await page.request.post('/account', { form })).status()).toBe(200);
  await page.goto('/account');
  const address = await open(page, 'Change email address');
  await address.getByLabel('New email address').fill(email);
  await address.getByLabel('Your password').fill(PASSWORD);
  await address.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('One at a time, please.');
  await inspect(page, 'too-many');
});

test('a banner that asks to wait looks right to everybody', async ({ page, request }) => {
  await page.goto(venuePage(await aTime(request)));
  await awake(page);
  const refusal = { Throttled: { retry_after: 600 } };
  await page.route('**/ui/load_availability', (route) =>
    route.fulfill({ status: 429, headers: { 'retry-after': '600' }, contentType: 'application/json', body: JSON.stringify(refusal) }),
  );
  await page.getByLabel('Guests', { exact: true }).selectOption('4');
  await expect(page.locator('#pause')).toContainText('You can go on in');
  await inspect(page, 'venue-pause');
});

test('news in the corner looks right to everybody', async ({ page, request }) => {
  // Good news goes after six seconds, and axe takes longer.
  await page.addInitScript(() => {
    const set = globalThis.setTimeout.bind(globalThis);
    const wait = (work: (...said: unknown[]) => void, after?: number, ...said: unknown[]) => set(work, after === 6000 ? 600_000 : after, ...said);
    Object.assign(globalThis, { setTimeout: wait });
  });
  const { body } = await finishedVisit(request);
  await page.goto(`/bookings/${body.manage_token}`);
  await awake(page);
  const refused = { Refused: { code: 'already_reviewed', sentence: 'You have written about this visit already.' } };
  await page.route('**/ui/save_review', (route) =>
    route.fulfill({ status: 409, contentType: 'application/json', body: JSON.stringify(refused) }),
  );
  const writing = await open(page, 'Write a review');
  for (const part of ['The visit as a whole', 'Food', 'Service', 'Ambience']) {
    await page.getByRole('radiogroup', { name: part }).getByRole('radio').last().check();
  }
  const publish = writing.getByRole('button', { name: 'Publish' });
  await publish.click();
  await expect(page.locator('.toast.error')).toBeVisible();
  await page.unroute('**/ui/save_review');
  await publish.click();
  await expect(page.locator('.toast.success')).toBeVisible();
  await inspect(page, 'toasts');
  await expect(page.locator('.toast')).toHaveCount(2);
});

test('a home with bookings and favourites looks right to everybody', async ({ page, request }) => {
  const guest = await join(page);
  await page.goto('/account/favorites');
  await inspect(page, 'favourites-empty');
  for (const again of [false, true]) {
    const body = await aBooking(request, guest);
    if (again) await cancelElsewhere(request, body);
  }
  await page.goto('/search?q=Lisbon&party=2');
  await awake(page);
  const kept = page.waitForResponse('**/ui/keep_favorite');
  await page.getByRole('button', { name: 'Keep Taberna do Rio as a favourite' }).click();
  await kept;
  await inspect(page, 'search-signed-in');
  await page.goto('/venues/taberna-do-rio');
  await inspect(page, 'venue-kept');
  await page.goto('/account/favorites');
  await inspect(page, 'favourites');
  await page.context().clearCookies();
  await page.goto('/sign-in');
  await signIn(page, guest.email);
  await expect(page.locator('#upcoming')).toContainText('Taberna do Rio');
  await inspect(page, 'account-with-bookings');
  await page.goto('/account/erase');
  await inspect(page, 'account-erase');
});

test('on paper a booking is black on white and without buttons', async ({ page, request }) => {
  const body = await aBooking(request);
  await page.emulateMedia({ media: 'print' });
  await page.goto(`/bookings/${body.manage_token}`);
  await expect(page.locator('.booking-code')).toBeVisible();
  await page.screenshot({ path: 'artefacts/pages/booking-print.png', fullPage: true });
});

test('a page stands still while it loads', async ({ page, request }) => {
  const time = await aTime(request);
  await page.addInitScript(() => {
    const shifts = ((globalThis as unknown as { shifts: number[] }).shifts = []) as number[];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
        if (!entry.hadRecentInput) shifts.push(entry.value);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const address of ['/', '/search?q=Lisbon', venuePage(time)]) {
    await page.goto(address);
    await page.waitForLoadState('networkidle');
    const moved = await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts.reduce((sum, value) => sum + value, 0));
    expect(moved, address).toBeLessThan(0.05);
  }
});
