import { test } from '@playwright/test';

import { servers, TEST_TOKEN } from '../../servers/servers';
import { journey } from './journey';

test('a run is started, watched and stopped with a token', async ({ page }) => {
  await journey(page, servers.token.url, TEST_TOKEN);
});
