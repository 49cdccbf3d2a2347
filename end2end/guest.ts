import { expect, type Page } from '@playwright/test';

const city = 'New York';

/** A day with many free tables: a Tuesday far enough ahead. */
export const quietDay = (weeks = 1): string => {
  const day = new Date(Date.now() + weeks * 7 * 86_400_000);
  day.setUTCDate(day.getUTCDate() + ((2 - day.getUTCDay() + 7) % 7));
  return day.toISOString().slice(0, 10);
};

/** A guest nobody has seen before. */
export const newGuest = () => {
  const mark = Math.random().toString(36).slice(2, 10);
  return { name: 'Ada Larkin', email: `ada.${mark}@example.com` };
};

/** Goes from the search to a held table, and ends on the page that asks who comes. */
export const holdATable = async (page: Page, weeks = 1) => {
  await page.goto(`/search?q=${encodeURIComponent(city)}&date=${quietDay(weeks)}&time=19:00&party=2`);
  await page.locator('main .slots a.slot').first().click();
  await expect(page.locator('#book')).toBeVisible();
  const free = page.locator('#book form.picker input[type=radio]:not([disabled])');
  await expect(free.first()).toBeAttached();
  // Somewhere in the middle, so that two tests at once seldom want the same table.
  const count = await free.count();
  const chosen = free.nth(Math.floor(Math.random() * count));
  await expect(async () => {
    await chosen.check({ force: true });
    await expect(chosen).toBeChecked();
  }).toPass();
  await page.locator('#book form.picker button[type=submit]').last().click();
  await expect(page).toHaveURL(/\/book\//);
};

/** Fills in who comes, and books. */
export const sayWhoAndBook = async (page: Page, guest = newGuest()) => {
  await page.getByLabel(/^name/i).fill(guest.name);
  await page.getByLabel(/mail/i).first().fill(guest.email);
  await page.locator('main form button[type=submit]').last().click();
  await expect(page).toHaveURL(/\/bookings\//);
  return guest;
};
