import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { holdATable, quietDay, sayWhoAndBook } from './guest.ts';

const widths = [390, 820, 1440];

/** axe finds nothing, the page does not scroll sideways, and a picture is kept; in light and dark. */
const inspect = async (page: Page, name: string) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${name} at ${width} scrolls sideways`).toBeLessThanOrEqual(0);
      await page.screenshot({ path: `artefacts/pages/${name}-${width}-${colorScheme}.png`, fullPage: true });
    }
    const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`), `${name} in ${colorScheme}`).toEqual([]);
  }
};

let complaints: string[] = [];
test.beforeEach(({ page }) => {
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A page that is meant to be a 404 is also a failed load, which Chromium reports.
    if (message.type() === 'error' && !message.text().includes('the server responded with a status of 404')) complaints.push(message.text());
  });
});
test.afterEach(() => expect(complaints).toEqual([]));

const open: [string, string][] = [
  ['home', '/'],
  ['search', `/search?q=Lisbon&date=${quietDay()}&time=19:30&party=2`],
  ['search-empty', '/search?q=no+such+thing'],
  ['venue', `/venues/taberna-do-rio?date=${quietDay()}&party=2`],
  ['not-found', '/nowhere'],
  ['find-a-booking', '/bookings'],
  ['accessibility', '/accessibility'],
  ['privacy', '/privacy'],
];
for (const [name, address] of open) {
  test(`${name} looks right to everybody`, async ({ page }) => {
    await page.goto(address);
    await inspect(page, name);
  });
}

test('details, confirmation and the booking look right to everybody', async ({ page }) => {
  await holdATable(page, 5);
  await inspect(page, 'details');
  await sayWhoAndBook(page);
  await inspect(page, 'confirmation');
  await page.goto(new URL(page.url()).pathname);
  await inspect(page, 'booking');
});
