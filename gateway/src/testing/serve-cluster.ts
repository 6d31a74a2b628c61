/**
 * For tests of other languages: KFP behind a sign-in. Takes the bearer token as its argument, prints one line: the address.
 */
import { openRemote } from './remote.ts';

const remote = await openRemote(process.argv[2] ?? '');
process.stdout.write(`${remote.address}\n`);
process.once('SIGTERM', () => {
  void remote.close().then(() => process.exit(0));
});
