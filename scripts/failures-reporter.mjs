/**
 * A reporter for `node --test` that prints failures whole and the rest as one line per file.
 */
export default async function* failuresReporter(source) {
  let passed = 0;
  for await (const event of source) {
    if (event.type === 'test:pass' && event.data.details?.type !== 'suite') {
      passed += 1;
    }
    if (event.type === 'test:fail' && event.data.details?.type !== 'suite') {
      const { name, file, line, details } = event.data;
      const cause = details.error?.cause ?? details.error;
      yield `✖ ${name} (${file ?? ''}:${line ?? ''})\n${cause?.stack ?? cause}\n`;
    }
    if (event.type === 'test:diagnostic' && event.data.level === 'error') {
      yield `${event.data.message}\n`;
    }
  }
  yield `${passed} tests of model and gateway passed\n`;
}
