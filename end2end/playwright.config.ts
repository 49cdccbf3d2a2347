import { defineConfig, devices } from '@playwright/test';

// `scripts/test browser` starts a demo of its own and says where it is: BASE_URL, DEMO_JSON (the sign-ins), MAIL_DIR (what
// was mailed) and DATABASE_URL (where visits are ended). Against a running `scripts/serve`, set BASE_URL alone.
const inCi = process.env.CI === 'true';

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: 'artefacts/results',
  reporter: [['list'], ['html', { outputFolder: 'artefacts/report', open: 'never' }]],
  forbidOnly: inCi,
  retries: 0,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  use: {
    ...devices['Desktop Chrome'],
    baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:3000',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
