import type { Page } from '@playwright/test';
import { awake, expect, finishedVisit, open, test } from './house.ts';

const star = (page: Page, part: string, stars: number) => page.getByRole('radiogroup', { name: part }).getByRole('radio').nth(stars - 1);

/** Fills in the whole form. */
const say = async (page: Page, stars: number, words: string) => {
  const writing = page.locator('#writing');
  if ((await writing.getAttribute('open')) === null) await writing.locator('summary').click();
  for (const part of ['The visit as a whole', 'Food', 'Service', 'Ambience']) await star(page, part, stars).check();
  await page.getByLabel('What was it like?').fill(words);
};

const publish = (page: Page) => page.getByRole('button', { name: 'Publish' }).click();

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a visit is written about, and the words change and go', async ({ page, request }) => {
      const { body, slug } = await finishedVisit(request);
      const address = `/bookings/${body.manage_token}`;
      const mark = Math.random().toString(36).slice(2);
      await page.goto(address);
      if (javaScriptEnabled) await awake(page);
      await say(page, 4, `Good fish. ${mark}`);
      await publish(page);
      const mine = page.locator('#mine');
      await expect(mine).toContainText(`Good fish. ${mark}`);
      await expect(mine.getByText('4 of 5 stars').first()).toBeAttached();
      await expect(page.locator('#writing summary')).toContainText('Change your review');
      await page.goto(`/venues/${slug}/reviews`);
      const published = page.getByRole('article').filter({ hasText: mark });
      await expect(published).toContainText('Ada L.');
      await expect(published).not.toContainText('Larkin');

      await page.goto(address);
      if (javaScriptEnabled) await awake(page);
      await say(page, 2, `Cold fish. ${mark}`);
      await publish(page);
      await expect(mine).toContainText(`Cold fish. ${mark}`);
      if (javaScriptEnabled) {
        // The same page knows what it just wrote.
        await expect(page.locator('#review [aria-busy=true]')).toHaveCount(0);
        await say(page, 3, `Fair fish. ${mark}`);
        await publish(page);
        await expect(mine).toContainText(`Fair fish. ${mark}`);
        await expect(page.locator('#review [aria-busy=true]')).toHaveCount(0);
      }
      await page.goto(address);
      await expect(mine).toContainText(javaScriptEnabled ? `Fair fish. ${mark}` : `Cold fish. ${mark}`);
      const removal = await open(page, 'Delete your review');
      await removal.getByRole('button', { name: 'Delete this review' }).click();
      await expect(page.locator('main')).toContainText('Your review is gone.');
      await page.goto(`/venues/${slug}/reviews`);
      await expect(page.getByRole('article').filter({ hasText: mark })).toHaveCount(0);
    });

    test('all that is wrong is said at once, and what was typed stays', async ({ page, request }) => {
      const { body } = await finishedVisit(request);
      await page.goto(`/bookings/${body.manage_token}`);
      if (javaScriptEnabled) await awake(page);
      await open(page, 'Write a review');
      await star(page, 'Food', 5).check();
      await page.getByLabel('What was it like?').fill('x'.repeat(2001));
      await publish(page);
      const summary = page.locator('#problems');
      await expect(summary).toContainText('Several things to put right');
      await expect(summary.getByRole('link')).toHaveText([
        'Give the visit as a whole one to five stars.',
        'Give the service one to five stars.',
        'Give the ambience one to five stars.',
        'A review has at most 2000 characters.',
      ]);
      await summary.getByRole('link').nth(1).click();
      await expect(star(page, 'Service', 1)).toBeFocused();
      for (const name of ['overall', 'service', 'ambience']) await expect(page.locator(`#${name}-wrong`)).toBeVisible();
      await expect(page.locator('#food-wrong')).toBeHidden();
      await expect(page.locator('#body-wrong')).toContainText('at most 2000');
      await expect(star(page, 'Food', 5)).toBeChecked();
      await expect(page.getByLabel('What was it like?')).toHaveValue('x'.repeat(2001));
      await say(page, 5, 'Short.');
      await publish(page);
      await expect(page.locator('#mine')).toContainText('Short.');
    });

    test('the reviews of a restaurant have pages', async ({ page }) => {
      await page.goto('/venues/taberna-do-rio');
      const section = page.getByRole('region', { name: 'What guests say' });
      await expect(section.getByRole('article')).toHaveCount(3);
      expect(await page.locator('script[type="application/ld+json"]').first().textContent()).toContain('aggregateRating');
      await section.getByRole('link', { name: /^All \d+ reviews$/ }).click();
      const first = await page.getByRole('article').first().textContent();
      await page.getByRole('link', { name: 'Next page' }).click();
      await expect(page).toHaveURL(/cursor=/);
      expect(await page.getByRole('article').first().textContent()).not.toBe(first);
      await page.getByRole('link', { name: 'First page' }).click();
      expect(await page.getByRole('article').first().textContent()).toBe(first);
    });

    test('what guests like best can come first', async ({ page }) => {
      await page.goto('/search?q=Lisbon');
      await page.getByRole('link', { name: 'By rating' }).click();
      const shown = await page.locator('.venue-card .rated b').allTextContents();
      expect(shown.length).toBeGreaterThan(2);
      expect(shown).toEqual(shown.toSorted((a, b) => Number(b) - Number(a)));
    });
  });
}

test('stars are chosen by keyboard, and what is left to write is counted', async ({ page, request }) => {
  const { body } = await finishedVisit(request);
  await page.goto(`/bookings/${body.manage_token}`);
  await awake(page);
  await open(page, 'Write a review');
  await star(page, 'The visit as a whole', 1).focus();
  for (let pressed = 0; pressed < 3; pressed += 1) await page.keyboard.press('ArrowRight');
  await expect(star(page, 'The visit as a whole', 4)).toBeChecked();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(star(page, 'Food', 1)).toBeChecked();
  await page.getByLabel('What was it like?').fill('<b>fish</b>');
  await expect(page.locator('#body-left')).toHaveText('1996 characters left.');
  await page.getByLabel('What was it like?').fill('x'.repeat(2003));
  await expect(page.locator('#body-left')).toHaveText('3 characters too many.');
});

test('a review stands there before the answer has come', async ({ page, request }) => {
  const { body } = await finishedVisit(request);
  await page.goto(`/bookings/${body.manage_token}`);
  await awake(page);
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/ui/save_review', async (route) => {
    await held;
    await route.continue();
  });
  await say(page, 5, 'At once.');
  await publish(page);
  await expect(page.locator('#mine')).toBeVisible();
  await expect(page.locator('#mine')).toContainText('At once.');
  await expect(page.locator('.toast.success')).toHaveCount(0);
  letGo();
  await expect(page.locator('.toast.success')).toBeVisible();
});

test('whoever publishes and leaves at once has published', async ({ page, request }) => {
  const { body } = await finishedVisit(request);
  const address = `/bookings/${body.manage_token}`;
  await page.goto(address);
  await awake(page);
  let letGo = (): void => undefined;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/ui/save_review', async (route) => {
    await gone;
    await route.continue();
  });
  await say(page, 5, 'On the way out.');
  await publish(page);
  await expect(page.locator('#mine')).toContainText('On the way out.');
  await page.goto('/privacy');
  letGo();
  await expect(async () => {
    await page.goto(address);
    await expect(page.locator('#mine')).toContainText('On the way out.', { timeout: 1000 });
  }).toPass();
});

test.describe('with bad luck', () => {
  test.use({ bad: /ERR_CONNECTION_RESET|ERR_INTERNET_DISCONNECTED|status of 500/ });

  test('a line that is cut takes the review back, and keeps what was typed', async ({ page, request, context }) => {
    test.setTimeout(90_000);
    const { body } = await finishedVisit(request);
    await page.goto(`/bookings/${body.manage_token}`);
    await awake(page);
    await say(page, 5, 'Into the void.');
    await context.setOffline(true);
    await publish(page);
    await expect(page.locator('#mine')).toContainText('Into the void.');
    await expect(page.locator('.toast.error')).toBeVisible({ timeout: 30_000 });
    await expect(page.locator('#mine')).toBeHidden();
    await expect(page.getByLabel('What was it like?')).toHaveValue('Into the void.');
    await context.setOffline(false);
    await publish(page);
    await expect(page.locator('.toast.success')).toBeVisible();
    await page.reload();
    await expect(page.locator('#mine')).toContainText('Into the void.');
  });

  test('an answer that gets lost makes one review', async ({ page, request }) => {
    const { body } = await finishedVisit(request);
    await page.goto(`/bookings/${body.manage_token}`);
    await awake(page);
    let calls = 0;
    await page.route('**/ui/save_review', async (route) => {
      calls += 1;
      if (calls === 1) {
        await route.fetch();
        await route.abort('connectionreset');
      } else {
        await route.continue();
      }
    });
    await say(page, 4, 'Once.');
    await publish(page);
    await expect(page.locator('.toast.success')).toBeVisible();
    expect(calls).toBe(2);
  });

  test('a review that is refused is taken back', async ({ page, request }) => {
    const { body } = await finishedVisit(request);
    await page.goto(`/bookings/${body.manage_token}`);
    await awake(page);
    const headers = { 'x-manage-token': body.manage_token };
    const stars = { food: 1, service: 1, ambience: 1, overall: 1 };
    const elsewhere = await request.post(`/api/v1/reservations/${body.id}/review`, { headers, data: { stars, body: 'Elsewhere.' } });
    expect(elsewhere.status()).toBe(201);
    await say(page, 5, 'Here.');
    await publish(page);
    await expect(page.locator('.toast.error')).toContainText('You have written about this visit already.');
    await expect(page.locator('#mine')).toBeHidden();
    await page.reload();
    await expect(page.locator('#mine')).toContainText('Elsewhere.');
  });
});
