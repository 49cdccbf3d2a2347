import type { Locator, Page } from '@playwright/test';
import { aTime, awake, bookElsewhere, expect, newGuest, slot, test, venuePage } from './house.ts';

/** Presses Tab until the focus is there, and insists that it can be seen. */
const tabTo = async (page: Page, target: Locator) => {
  for (let steps = 0; steps < 150; steps += 1) {
    if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) {
      const seen = await page.evaluate(() => {
        const at = document.activeElement!;
        const shown = at.matches('input[type=radio], input[type=checkbox]') ? (at.closest('label') ?? at) : at;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(shown);
        return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
      });
      expect(seen, 'the focus can be seen').toBe(true);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way by Tab to ${target}`);
};

for (const javaScriptEnabled of [true, false]) {
  test(`the keyboard alone books a table and cancels it ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({ browser, request, baseURL }) => {
    const context = await browser.newContext({ javaScriptEnabled, baseURL: baseURL! });
    const page = await context.newPage();
    const [time, guest] = [await aTime(request), newGuest()];
    await page.goto(venuePage(time));
    if (javaScriptEnabled) await awake(page);
    await page.keyboard.press('Tab');
    await expect(page.locator(':focus')).toHaveText(/skip/i);

    const first = page.locator('form.picker input[type=radio]').first();
    await tabTo(page, first);
    const wanted = slot(page, time.clock).getByRole('radio');
    await page.keyboard.press('Space');
    for (let steps = 0; !(await wanted.isChecked()) && steps < 120; steps += 1) await page.keyboard.press('ArrowDown');
    await expect(wanted).toBeChecked();
    await tabTo(page, page.locator('form.picker button[type=submit]'));
    await page.keyboard.press('Enter');

    await expect(page.getByRole('heading', { name: 'Who is coming?' })).toBeVisible();
    await tabTo(page, page.getByLabel('Name'));
    await page.keyboard.type(guest.name);
    await tabTo(page, page.getByLabel('Email'));
    await page.keyboard.type(guest.email);
    await page.keyboard.press('Enter');
    await expect(page.locator('.booking-code')).toBeVisible();

    await tabTo(page, page.getByRole('link', { name: 'Change or cancel' }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.locator('summary').filter({ hasText: 'Cancel' }).last());
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: 'Cancel this booking' }));
    await page.keyboard.press('Space');
    await expect(page.getByRole('heading', { name: 'Another time, then.' })).toBeVisible();
    await context.close();
  });
}

test('the focus goes where the work goes on', async ({ page, request }) => {
  const time = await aTime(request);
  await page.goto(venuePage(time));
  await awake(page);
  await slot(page, time.clock).click();
  await page.locator('form.picker button[type=submit]').click();
  await page.getByLabel('Email').fill('nonsense');
  await awake(page);
  await page.locator('button[name=do][value=book]').click();
  await expect(page.locator('#problems')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Name')).toBeFocused();
});

test('news is said aloud', async ({ page, request }) => {
  const [time, other] = [await aTime(request), await aTime(request)];
  await page.goto(venuePage(time));
  await awake(page);
  await page.getByLabel('Day', { exact: true }).fill(other.date);
  await expect(page.locator('[role=status]').filter({ hasText: /\d+ (times|time)|free/ }).first()).toBeAttached();
  const { body } = await bookElsewhere(request, time);
  await page.goto(`/bookings/${body.manage_token}`);
  await expect(page.locator('[role=status]').first()).toBeAttached();
});

test('without motion nothing moves', async ({ page, request }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(venuePage(await aTime(request)));
  const moving = await page.evaluate(() =>
    document.getAnimations().filter((animation) => Number(animation.effect?.getComputedTiming().activeDuration) > 50).length,
  );
  expect(moving).toBe(0);
});
