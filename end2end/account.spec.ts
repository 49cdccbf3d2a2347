import { expect, join, linkMailedTo, open, signIn, test } from './house.ts';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('an account is made, confirmed by email, left and come back to', async ({ page }) => {
      const guest = await join(page);
      await expect(page.locator('main')).toContainText(`You sign in with ${guest.email}.`);
      await page.goto('/');
      await page.getByRole('link', { name: 'Account' }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await expect(page.locator('main')).toContainText('You are signed out.');
      await page.goto('/account');
      await expect(page).toHaveURL(/\/sign-in\?next=%2Faccount$/);
      await signIn(page, guest.email, 'not the lamp');
      await expect(page.locator('#problems')).toContainText('do not match');
      await expect(page.getByLabel('Email')).toHaveValue(guest.email);
      await expect(page.getByLabel('Password')).toHaveValue('');
      await signIn(page, guest.email);
      await expect(page).toHaveURL(/\/account$/);
    });

    test('a forgotten password is replaced by email', async ({ page }) => {
      const guest = await join(page);
      await page.context().clearCookies();
      await page.goto('/sign-in');
      await page.getByRole('link', { name: 'I forgot my password' }).click();
      await page.getByLabel('Email').fill(guest.email);
      await page.getByRole('button', { name: 'Send me a link' }).click();
      await expect(page.getByRole('heading', { name: 'Check your email.' })).toBeVisible();
      await page.goto(await linkMailedTo(guest.email, '/account/reset/'));
      await page.getByLabel('New password').fill('password');
      await page.getByRole('button', { name: 'Set this password' }).click();
      await expect(page.locator('#password-wrong')).toContainText('tried first');
      await page.getByLabel('New password').fill('another lamp 8');
      await page.getByRole('button', { name: 'Set this password' }).click();
      await expect(page.locator('main')).toContainText('Your new password is set.');
      await signIn(page, guest.email, 'another lamp 8');
      await expect(page).toHaveURL(/\/account$/);
    });

    test('the password changes and the other browser is signed out', async ({ page, browser }) => {
      const guest = await join(page);
      const other = await (await browser.newContext()).newPage();
      await other.goto('/sign-in');
      await signIn(other, guest.email);
      await page.reload();
      await expect(page.locator('.sessions li')).toHaveCount(2);
      const change = await open(page, 'Change password');
      await change.getByLabel('Your password now').fill('not the lamp');
      await change.getByLabel('New password').fill('another lamp 8');
      await change.getByRole('button', { name: 'Change it' }).click();
      await expect(page.locator('#present_password-wrong')).toHaveText('This is not your password.');
      const again = await open(page, 'Change password');
      await again.getByLabel('Your password now').fill('corridor lamp 7');
      await again.getByLabel('New password').fill('another lamp 8');
      await again.getByRole('button', { name: 'Change it' }).click();
      await expect(page.locator('main')).toContainText('Your password is changed.');
      await expect(page.locator('.sessions li')).toHaveCount(1);
      await other.goto('/account');
      await expect(other).toHaveURL(/\/sign-in/);
      await other.context().close();
    });
  });
}

test('the cookies of a session are out of reach for scripts', async ({ page }) => {
  await join(page);
  const cookies = await page.context().cookies();
  expect(cookies).toHaveLength(2);
  for (const { httpOnly, sameSite, path } of cookies) expect([httpOnly, sameSite, path]).toEqual([true, 'Lax', '/']);
  expect(await page.evaluate(() => document.cookie)).toBe('');
});
