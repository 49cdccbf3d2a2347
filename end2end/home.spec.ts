import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { anEvening, aTime, awake, book, bookButton, expect, hold, join, newGuest, open, PASSWORD, signIn, test } from './house.ts';

const heart = (page: Page, name = 'Taberna do Rio') => page.getByRole('button', { name: `Keep ${name} as a favourite` });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a restaurant is kept, found again, and let go', async ({ page }) => {
      await join(page);
      await page.goto('/account');
      await page.getByRole('link', { name: 'Your favourites' }).click();
      await expect(page.locator('main')).toContainText('No favourites yet');
      await page.goto('/search?q=Lisbon&party=2');
      if (javaScriptEnabled) await awake(page);
      await expect(heart(page)).toHaveAttribute('aria-pressed', 'false');
      const kept = javaScriptEnabled ? page.waitForResponse('**/ui/keep_favorite') : undefined;
      await heart(page).click();
      await kept;
      await expect(heart(page)).toHaveAttribute('aria-pressed', 'true');
      await expect(page).toHaveURL(/\/search\?q=Lisbon&party=2/);
      await page.goto('/account/favorites');
      await expect(page.getByRole('heading', { name: 'Taberna do Rio' })).toBeVisible();
      await page.goto('/venues/taberna-do-rio');
      if (javaScriptEnabled) await awake(page);
      await expect(heart(page)).toHaveAttribute('aria-pressed', 'true');
      const gone = javaScriptEnabled ? page.waitForResponse('**/ui/keep_favorite') : undefined;
      await heart(page).click();
      await gone;
      await expect(heart(page)).toHaveAttribute('aria-pressed', 'false');
      await page.goto('/account/favorites');
      await expect(page.locator('main')).toContainText('No favourites yet');
    });

    test('nobody is asked to sign in and comes back to the same restaurant', async ({ page }) => {
      const guest = await join(page);
      await page.context().clearCookies();
      await page.goto('/venues/taberna-do-rio');
      await page.getByRole('link', { name: 'Keep Taberna do Rio as a favourite' }).click();
      await signIn(page, guest.email);
      await expect(page).toHaveURL(/\/venues\/taberna-do-rio$/);
      await expect(heart(page)).toHaveAttribute('aria-pressed', 'false');
    });

    test('details are said once and are there wherever one books', async ({ page, request }) => {
      const guest = await join(page);
      const details = await open(page, 'Your details');
      await details.getByLabel('Phone').fill('912 345');
      await details.getByRole('button', { name: 'Save' }).click();
      await expect(page.locator('#problems')).toContainText('Start the number with +');
      const again = await open(page, 'Your details');
      await expect(again.getByLabel('Phone')).toHaveValue('912 345');
      await again.getByLabel('Phone').fill('+351 912 345 678');
      await again.getByLabel('What every restaurant should know').fill('No nuts, please.');
      await again.getByText('Room for a pram').click();
      await again.getByRole('button', { name: 'Save' }).click();
      await expect(page.locator('main')).toContainText('Your details are saved.');

      const time = await aTime(request);
      await hold(page, time);
      await expect(page.getByLabel('Name')).toHaveValue(guest.name);
      await expect(page.getByLabel('Email')).toHaveValue(guest.email);
      await expect(page.getByLabel('Phone')).toHaveValue('+351912345678');
      await expect(page.getByLabel('Anything the restaurant should know')).toHaveValue('No nuts, please.');
      await expect(page.getByLabel('Room for a pram')).toBeChecked();
      await bookButton(page).click();
      await expect(page.locator('.booking-code')).toBeVisible();

      await page.goto('/account');
      await page.locator('#upcoming').getByRole('link', { name: 'Taberna do Rio' }).click();
      await expect(page.locator('.booking-code')).toBeVisible();
      await expect(page.locator('.ticket.wide time')).toHaveText(time.clock);
      const cancelling = await open(page, 'Cancel');
      await cancelling.getByRole('button', { name: 'Cancel this booking' }).click();
      await expect(page.getByRole('heading', { name: 'Another time, then.' })).toBeVisible();
      // The heading is there before the answer is; with that comes a page of its own.
      await expect(page.getByText('a note is on its way')).toBeVisible();
      await page.goto('/account');
      await page.locator('#past').getByRole('link', { name: 'Book again: Taberna do Rio' }).click();
      await expect(page).toHaveURL(/\/venues\/taberna-do-rio\?date=\d{4}-\d\d-\d\d&party=2&time=\d\d%3A\d\d#book$/);
    });

    test('an account is taken along and erased', async ({ page, request }) => {
      const guest = await join(page);
      await hold(page, await aTime(request));
      await book(page, guest);
      await page.goto('/account');
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Take everything with you' }).click()]);
      expect(file.suggestedFilename()).toBe('trestle.json');
      const held = JSON.parse(await readFile(await file.path(), 'utf8')) as { account: { email: string }; reservations: unknown[] };
      expect([held.account.email, held.reservations.length]).toEqual([guest.email, 1]);

      await page.getByRole('link', { name: 'Erase your account' }).click();
      await expect(page.locator('main')).toContainText('These bookings are cancelled too');
      await page.getByLabel('Your password').fill('not the lamp');
      await page.getByRole('button', { name: 'Erase my account' }).click();
      await expect(page.locator('#password-wrong')).toHaveText('This is not your password.');
      await page.getByLabel('Your password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Erase my account' }).click();
      await expect(page.locator('main')).toContainText('Your account is erased');
      expect(await page.context().cookies()).toEqual([]);
      await signIn(page, guest.email);
      await expect(page.locator('#problems')).toContainText('do not match');
    });
  });
}

test('a booking that was made before signing in comes along', async ({ page, request }) => {
  const guest = newGuest();
  await hold(page, await aTime(request));
  await book(page, guest);
  await join(page, guest);
  await expect(page.locator('#upcoming')).toContainText('Taberna do Rio');
});

test('a table that was not chosen for what one needs is said to be so', async ({ page, request }) => {
  await join(page);
  const details = await open(page, 'Your details');
  await details.getByText('Step-free way to the table').click();
  await details.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('main')).toContainText('Your details are saved.');
  await hold(page, (await anEvening(request))[0]!);
  await page.locator('.notice.careful').getByRole('button', { name: 'Choose a table that has it' }).click();
  await expect(page).toHaveURL(/needs=step_free/);
});

test.describe('on a line that drops', () => {
  test.use({ bad: /ERR_FAILED|Failed to load resource/ });

  test('a heart changes at once, and back by itself with a word of why', async ({ page }) => {
    await join(page);
    await page.goto('/search?q=Lisbon&party=2');
    await awake(page);
    let asked = 0;
    await page.route('**/ui/keep_favorite', async (route) => {
      asked += 1;
      await route.abort();
    });
    // Or pressing it would move the page.
    await heart(page).scrollIntoViewIfNeeded();
    const before = await heart(page).boundingBox();
    await heart(page).click();
    await expect(heart(page)).toHaveAttribute('aria-pressed', 'true');
    await expect(page.locator('.toast.error')).toContainText('The connection dropped.');
    await expect(heart(page)).toHaveAttribute('aria-pressed', 'false');
    expect(asked).toBeGreaterThan(1);
    expect(await heart(page).boundingBox()).toEqual(before);
    await page.unroute('**/ui/keep_favorite');
    const kept = page.waitForResponse('**/ui/keep_favorite');
    await heart(page).click();
    expect((await kept).status()).toBe(200);
    await page.reload();
    await expect(heart(page)).toHaveAttribute('aria-pressed', 'true');
  });
});

test('a heart that is refused says so and stays as it was', async ({ page }) => {
  await join(page);
  await page.goto('/venues/taberna-do-rio');
  await awake(page);
  await page.context().clearCookies();
  await heart(page).click();
  await expect(page.locator('.toast.error')).toContainText('Please sign in first.');
  await expect(heart(page)).toHaveAttribute('aria-pressed', 'false');
});

test('of a heart that is pressed again meanwhile the last wish counts', async ({ page }) => {
  await join(page);
  await page.goto('/venues/taberna-do-rio');
  await awake(page);
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const wishes: boolean[] = [];
  await page.route('**/ui/keep_favorite', async (route) => {
    wishes.push((route.request().postDataJSON() as { ask: { on: boolean } }).ask.on);
    await held;
    await route.continue();
  });
  let answered = 0;
  page.on('response', (answer) => {
    if (answer.url().endsWith('/ui/keep_favorite')) answered += 1;
  });
  await heart(page).click();
  await expect(heart(page)).toHaveAttribute('aria-pressed', 'true');
  await heart(page).click();
  await expect(heart(page)).toHaveAttribute('aria-pressed', 'false');
  expect(wishes).toEqual([true]);
  letGo();
  await expect.poll(() => answered).toBe(2);
  expect(wishes).toEqual([true, false]);
  await expect(heart(page)).toHaveAttribute('aria-pressed', 'false');
  await page.reload();
  await expect(heart(page)).toHaveAttribute('aria-pressed', 'false');
});

test('a heart is large enough to press and works by keyboard', async ({ page }) => {
  await join(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto('/search?q=Lisbon&party=2');
  await awake(page);
  const box = (await heart(page).boundingBox())!;
  expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
  await heart(page).focus();
  const kept = page.waitForResponse('**/ui/keep_favorite');
  await page.keyboard.press('Enter');
  expect((await kept).status()).toBe(200);
  await expect(heart(page)).toBeFocused();
});
