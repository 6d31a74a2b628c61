import { complete, type IKnown } from './complete';

const known: IKnown = {
  connections: ['prod'],
  pipelines: new Map([
    [
      'train',
      [
        { name: 'rows', type: 'NUMBER_INTEGER', optional: false },
        { name: 'lr', type: 'NUMBER_DOUBLE', optional: true, default: '0.1' }
      ]
    ],
    [
      'fit',
      [
        { name: 'fast', type: 'BOOLEAN', optional: true, default: 'true' },
        {
          name: 'mode',
          type: 'STRING',
          optional: false,
          literals: ['"slow"', '"exact"']
        }
      ]
    ]
  ]),
  runs: new Map([['5f0c1a9e-0000-4000-8000-000000000000', 'train 1']]),
  tasks: new Map([
    ['5f0c1a9e-0000-4000-8000-000000000000', ['clean', 'loop-1.fit']]
  ]),
  uploaded: ['nightly'],
  versions: ['nightly@v1', 'nightly@second try'],
  experiments: ['tuning'],
  namespaces: ['team-a', 'team-b']
};

const texts = (before: string, isFirstLine = true): string[] | undefined =>
  complete(before, isFirstLine, known)?.candidates.map(({ text }) => text);

describe('completion of the magic', () => {
  it.each([
    ['%kfp ru', ['run']],
    ['r = %kfp sta', ['status']],
    ['%%kfp co', ['component', 'container']],
    ['%kfp run tr', ['train']],
    ['%kfp run train --show gr', ['graph']],
    ['%kfp run train --show=gr', ['--show=graph']],
    ['%kfp run train --on ', ['local', 'prod']],
    ['%kfp run train -p ', ['rows=', 'lr=']],
    ['%kfp run train -p rows=1 -p ', ['lr=']],
    ['%kfp attach ', ['last', '5f0c1a9e']],
    ['%kfp run n', ['nightly']],
    ['%kfp run nightly@', ['nightly@v1', 'nightly@second\\ try']],
    ['%kfp connect prod --ns team', ['team-a', 'team-b']],
    ['%kfp run train --exp ', ['Default', 'tuning']],
    ['%kfp logs last:', ['last:clean', 'last:loop-1.fit']],
    ['%kfp logs 5f0c1a:c', ['5f0c1a:clean']],
    ['%kfp run fit -p fast=', ['fast=', 'fast=true', 'fast=false']],
    ['%kfp run fit -p mode=e', ['mode=exact']],
    ['%kfp ls exp', ['experiments']],
    ['%%kfp run --dry', ['--dry-run']]
  ])('offers behind "%s"', (before, expected) => {
    expect(texts(before)).toEqual(expected);
  });

  it('leaves other lines alone', () => {
    expect(texts('values.ke')).toBeUndefined();
    expect(texts('%%kfp ru', false)).toBeUndefined();
  });

  it('offers an option once, unless it repeats', () => {
    expect(texts('%kfp run train --on prod --o')).toEqual([]);
    expect(texts('%kfp run train --param rows=1 --para')).toEqual([
      '--param',
      '--params'
    ]);
  });
});
