import { expect, test } from '@playwright/test';

import { servers, TEST_TOKEN } from '../../servers/servers';
import { refusals, runFirstExample } from './journey';

test('a user with a token runs a pipeline, requests and socket alike', async ({
  page
}) => {
  const refused = refusals(page);
  await runFirstExample(
    page,
    `${servers.token.url}lab/tree/first-pipeline.ipynb?token=${TEST_TOKEN}`
  );
  expect(refused).toEqual([]);
});
