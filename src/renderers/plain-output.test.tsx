import { nullTranslator } from '@jupyterlab/translation';
import { RUN_MIME_TYPE } from 'jupyterlab-kfp-model';
import * as React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

import { PlainOutput } from './plain-output';

const trans = nullTranslator.load('jupyterlab_kfp');

/** The page of an output with this payload and this HTML. */
function drawn(payload: unknown, html: unknown): string {
  return renderToStaticMarkup(
    <PlainOutput
      trans={trans}
      mimeType={RUN_MIME_TYPE}
      data={{
        [RUN_MIME_TYPE]: payload as string,
        'text/html': html as string,
        'text/plain': 'the <text> of it'
      }}
    />
  );
}

describe('PlainOutput', () => {
  it('shows the HTML of a newer version below a line that says so', () => {
    const text = drawn(
      { schema: 'kfp.run/2' },
      '<strong>Run a: Failed</strong> after 9m\n<ul><li>prod, run <code>5f0c</code></li></ul>'
    );
    expect(text).toContain('Made by a newer version');
    expect(text).toContain(
      '<strong>Run a: Failed</strong> after 9m\n<ul><li>prod, run <code>5f0c</code></li></ul>'
    );
  });

  it('takes of that HTML four elements and no attribute', () => {
    const text = drawn(
      { schema: 'kfp.run/12' },
      '<script>x()</script><style>b{}</style><p onclick="x()">a <a href="javascript:x()">link</a></p><img src=x onerror=x()><code style="a" class="jp-Button" data-commandlinker-command="x">c</code><svg><script>y()</script><text>t</text></svg>'
    );
    expect(text).toContain('a link<code>c</code>t');
    expect(text.replace(/^.*?<\/p>/, '')).not.toMatch(
      /script|style=|<p|<a|img|svg|onclick|x\(\)|data-/
    );
  });

  it('draws HTML that is as deep as it is long', () => {
    const text = drawn({ schema: 'kfp.run/2' }, '<ul><li>'.repeat(200));
    expect(text.length).toBeLessThan(500);
  });

  it.each([
    [{ schema: 'kfp.run/1', runs: [{}] }, '<b>x</b>'],
    [{ schema: 'kfp.run/2' }, undefined],
    ['kfp.run/2', '<b>x</b>'],
    [null, null]
  ])('shows the text of %j', (payload, html) => {
    expect(drawn(payload, html)).toContain('the &lt;text&gt; of it');
  });
});
