import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** What axe finds serious in these parts of a page, each with the first places. */
export async function seriousFindings(
  page: Page,
  parts: readonly string[]
): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page });
  parts.forEach(part => axe.include(part));
  const { violations } = await axe
    // these are about whole pages
    .disableRules(['region', 'page-has-heading-one', 'landmark-unique'])
    .analyze();
  return violations
    .filter(each => each.impact === 'serious' || each.impact === 'critical')
    .map(({ id, nodes }) =>
      [id, ...nodes.slice(0, 5).map(node => node.html.slice(0, 200))].join(
        '\n  '
      )
    );
}
