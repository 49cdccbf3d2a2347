import { expect, test } from '@playwright/test';
import { holdATable, newGuest, sayWhoAndBook } from './guest.ts';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a guest books a table and gets it into their calendar', async ({ page, request }) => {
      await holdATable(page);
      await sayWhoAndBook(page);
      await expect(page.locator('.booking-code')).toHaveText(/^[2-9A-Z]{6}$/);
      const calendar = await page.getByRole('link', { name: 'Add to calendar' }).getAttribute('href');
      const entry = await (await request.get(calendar!)).text();
      expect(entry).toContain('BEGIN:VEVENT');
      expect(entry).toContain('SEQUENCE:0');
    });

    test('what is wrong is said beside the field, and what was typed stays', async ({ page }) => {
      await holdATable(page, 2);
      const address = new URL(page.url()).pathname;
      await page.getByLabel('Name').fill('Ada Larkin');
      await page.locator('#email').fill('not an address');
      await page.locator('main form button[value=book]').click();
      await expect(page.locator('main')).toContainText('does not look like a mail address');
      await expect(page.getByLabel('Name')).toHaveValue('Ada Larkin');
      expect(new URL(page.url()).pathname).toBe(address);
      await sayWhoAndBook(page);
    });

    test('a booking is looked at again, and cancelled', async ({ page }) => {
      await holdATable(page, 3);
      await sayWhoAndBook(page);
      await page.goto(new URL(page.url()).pathname);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      const cancelling = page.locator('details', { hasText: /cancel/i }).last();
      await cancelling.locator('summary').click();
      await cancelling.locator('button[type=submit]').click();
      await expect(page.locator('main')).toContainText(/cancelled/i);
      await page.reload();
      await expect(page.locator('main')).toContainText(/cancelled/i);
    });
  });
}

test('two tabs with one hold book one table', async ({ page, context }) => {
  await holdATable(page, 4);
  const other = await context.newPage();
  await other.goto(page.url());
  const guest = newGuest();
  await sayWhoAndBook(page, guest);
  await other.getByLabel('Name').fill('Ada Larkin');
  await other.locator('#email').fill(newGuest().email);
  await other.locator('main form button[value=book]').click();
  await expect(other.locator('main')).not.toContainText('See you');
  await expect(other.locator('main')).toContainText(/hold|held|kept|time/i);
});

test('a link to nothing says so', async ({ page }) => {
  for (const address of ['/nowhere', '/venues/no-such-place', '/bookings/not-a-token']) {
    const answer = await page.goto(address);
    expect(answer?.status(), address).toBe(404);
    await expect(page.locator('h1'), address).toBeVisible();
  }
});

test('the keyboard alone books a table', async ({ page }) => {
  await page.goto('/venues/larkspur-diner?party=2');
  const radio = page.locator('#book form.picker input[type=radio]:not([disabled])').first();
  await radio.focus();
  await page.keyboard.press('Space');
  await expect(radio).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/book\//);
});
