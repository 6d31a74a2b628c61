import {
  artifactKind,
  bytesText,
  loadsFromElsewhere,
  sandboxed
} from './artifact-kind';
import { withoutLoads } from './closed-rendermime';
import { parseTable } from './delimited-table';
import { classificationOf, metricsOf, slicesOf } from './metrics';
import { withoutRawHtml } from './raw-html';

function output(type: string, metadata: unknown) {
  return {
    name: 'm',
    kind: 'artifact',
    type,
    metadata: JSON.stringify(metadata)
  } as const;
}

const matrix = {
  annotationSpecs: [{ displayName: 'cat' }, { displayName: 'dog' }],
  rows: [{ row: [3, 1] }, { row: [0, 'x'] }]
};

describe('parseTable', () => {
  const read = (text: string, isCut = false) => {
    const { header, rows, cells } = parseTable(text, isCut);
    return { header, rows: rows.map(cells) };
  };

  it('reads quotes, doubled quotes and line ends inside cells', () => {
    const text = 'a,b\r\n"1,5","say ""hi""\nthere"\r\n\r\n,\r\n';
    expect(read(text)).toEqual({
      header: ['a', 'b'],
      rows: [
        ['1,5', 'say "hi"\nthere'],
        ['', '']
      ]
    });
  });

  it('reads tabs and semicolons, and stands an open quote and nothing at all', () => {
    expect(read('a\tb, c\n1\t"2').rows).toEqual([['1', '2']]);
    expect(read('a;b\n1,5;2').rows).toEqual([['1,5', '2']]);
    expect(read('')).toEqual({ header: [], rows: [] });
    expect(read('\ufeffa,b').header).toEqual(['a', 'b']);
  });

  it('keeps rows of other lengths as they are', () => {
    expect(read('a,b\n1\n1,2,3\n').rows).toEqual([['1'], ['1', '2', '3']]);
  });

  it('leaves out the half line at the end of what is cut', () => {
    expect(read('a,b\n1,2\n3', true).rows).toEqual([['1', '2']]);
    expect(read('a,b\n1,2\n3').rows).toEqual([['1', '2'], ['3']]);
  });
});

describe('metrics', () => {
  it('takes the numbers of a Metrics artifact', () => {
    const metrics = output('system.Metrics', { accuracy: 0.9, note: 'x' });
    expect(metricsOf(metrics)).toEqual([{ name: 'accuracy', value: 0.9 }]);
    expect(metricsOf(output('system.Model', { accuracy: 1 }))).toEqual([]);
  });

  it.each([[matrix], [{ struct: matrix }]])(
    'reads curves and matrices, wrapped or not',
    confusionMatrix => {
      const found = classificationOf(
        output('system.ClassificationMetrics', {
          confusionMatrix,
          confidenceMetrics: {
            list: [
              { confidenceThreshold: 0.5, recall: 1, falsePositiveRate: 0.1 },
              {
                confidenceThreshold: 'Infinity',
                recall: 0,
                falsePositiveRate: 0
              },
              { recall: 'x' },
              null
            ]
          }
        })
      );
      expect(found?.matrix?.rows).toEqual([
        [3, 1],
        [0, 0]
      ]);
      expect(found?.curve).toEqual([
        { falsePositiveRate: 0.1, truePositiveRate: 1, threshold: 0.5 },
        { falsePositiveRate: 0, truePositiveRate: 0, threshold: Infinity }
      ]);
    }
  );

  it('reads slices', () => {
    const slices = slicesOf(
      output('system.SlicedClassificationMetrics', {
        evaluationSlices: [
          {
            slice: 'young',
            sliceClassificationMetrics: { confusionMatrix: matrix }
          },
          7
        ]
      })
    );
    expect(slices?.map(slice => slice.name)).toEqual(['young', '']);
    expect(slices?.[0].classification.matrix?.categories).toEqual([
      'cat',
      'dog'
    ]);
  });
});

describe('artifactKind', () => {
  const info = (type: string, media_type: string, is_folder = false) =>
    artifactKind({ type, media_type, is_folder });

  it('goes by the KFP type, then by the media type', () => {
    expect(info('system.HTML', 'text/plain')).toBe('html');
    expect(info('system.Dataset', 'text/csv; charset=utf-8')).toBe('csv');
    expect(info('system.Artifact', 'IMAGE/PNG')).toBe('image');
    expect(info('system.Artifact', 'image/svg+xml')).toBe('svg');
    expect(info('system.Model', 'application/octet-stream')).toBe('none');
    expect(info('system.Markdown', 'text/markdown', true)).toBe('none');
  });

  it('names bytes for people', () => {
    expect([12, 2048, 3 * 1024 ** 2, 5 * 1024 ** 3].map(bytesText)).toEqual([
      '12 B',
      '2.0 KiB',
      '3.0 MiB',
      '5.0 GiB'
    ]);
  });
});

describe('sandboxed', () => {
  it('puts its policy first and the report into an inner frame that it cannot leave', () => {
    const page = sandboxed('"></iframe><script>x</script>', {
      allowsLoads: false,
      allowsScripts: true
    });
    const outer = new DOMParser().parseFromString(page, 'text/html');
    expect(outer.head.firstElementChild?.getAttribute('content')).toContain(
      "default-src 'none'"
    );
    expect(outer.querySelectorAll('script')).toHaveLength(0);
    const frame = outer.querySelector('iframe');
    expect(frame?.getAttribute('sandbox')).toBe('allow-scripts');
    const inner = frame?.getAttribute('srcdoc') ?? '';
    expect(inner.startsWith('<!DOCTYPE html><meta http-equiv="Content')).toBe(
      true
    );
    expect(inner.endsWith('"></iframe><script>x</script>')).toBe(true);
  });

  it('sees what a report would load', () => {
    expect(loadsFromElsewhere('<img src="https://a/b.png">')).toBe(true);
    expect(loadsFromElsewhere("<script src='//cdn/x.js'>")).toBe(true);
    expect(loadsFromElsewhere('<style>@import "http://a"</style>')).toBe(true);
    expect(loadsFromElsewhere('<style>a{background:url(//a/b)}</style>')).toBe(
      true
    );
    expect(loadsFromElsewhere('<p style="background:url(https://a/b)">')).toBe(
      true
    );
    expect(loadsFromElsewhere('<link href="https://a/b.css">')).toBe(true);
    expect(
      loadsFromElsewhere('<script>import x from "https://a/b.js"</script>')
    ).toBe(true);
    expect(loadsFromElsewhere('<img src="data:image/png;base64,A">')).toBe(
      false
    );
  });

  it('does not take a link, or an address in the text, for a load', () => {
    expect(
      loadsFromElsewhere(
        '<a href="https://a.org">see https://a.org</a><svg xmlns="http://www.w3.org/2000/svg"></svg><script>// https://a.org\n</script>'
      )
    ).toBe(false);
  });
});

describe('withoutRawHtml', () => {
  it.each([
    ['a <b>x</b> <!-- c -->', 'a &lt;b>x&lt;/b> &lt;!-- c -->'],
    ['`<b>` and ``<i> ` ``', '`<b>` and ``<i> ` ``'],
    ['```html\n<b>\n```\n<i>', '```html\n<b>\n```\n&lt;i>'],
    ['text\n\n    <b> code\n\n<i>', 'text\n\n    <b> code\n\n&lt;i>'],
    ['<https://a.org/x> <mailto:a@b.c>', '<https://a.org/x> <mailto:a@b.c>'],
    ['\\`<b>`', '\\`&lt;b>`'],
    ['`open <b>', '`open &lt;b>'],
    ['~~~\n```\n<b>\n~~~\n<i>', '~~~\n```\n<b>\n~~~\n&lt;i>'],
    ['```mermaid\nA[<b>]\n```', '```text\nA[<b>]\n```'],
    ['~~~~\u00a0 Mermaid\nA\n~~~~', '~~~~\u00a0 text\nA\n~~~~'],
    ['> - ```mermaid\n>   A', '> - ```text\n>   A'],
    ['```mer<maid\nA\n```', '```text\nA\n```'],
    ['a mermaid', 'a mermaid']
  ])('%j', (markdown, expected) => {
    expect(withoutRawHtml(markdown)).toBe(expected);
  });
});

describe('withoutLoads', () => {
  it('keeps pictures that are inside and replaces others by their text', () => {
    expect(
      withoutLoads(
        '<p style="background:url(//a)">x<img src="https://a/b" alt="b"><img src="data:image/png;base64,A" alt="c"></p>'
      )
    ).toBe('<p>xb<img src="data:image/png;base64,A" alt="c"></p>');
  });
});
