import { cellDigest, driftOf } from './cell-digest';
import { sha256 } from './sha256';

it.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    // longer than one block
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'
  ]
])('makes the published digest of %j', (text, digest) => {
  expect(sha256(text)).toBe(digest);
});

it('does not see what the eye does not see', () => {
  expect(cellDigest('a = 1  \r\nb\t\n\n')).toBe(cellDigest('a = 1\nb'));
  expect(cellDigest('a = 1')).not.toBe(cellDigest(' a = 1'));
});

it('makes the digest that the kernel makes, whatever lines end with', () => {
  // what `jupyterlab_kfp.cells.digest` says
  expect(cellDigest('a = 1 \t\r\nb = "火 \u2028" \x0b\rc\u00a0\n\t\n')).toBe(
    'sha256:5f3702c73b125fcb971eb7451ef6cf791d81205ff3d4385b4b883d54c7c7d97a'
  );
});

const cell = {
  id: 'a',
  digest: cellDigest('run()'),
  sources: [{ id: 'b', digest: cellDigest('def f(): ...') }]
};
const drift = (sources: Readonly<Record<string, string>>) =>
  driftOf(cell, id => sources[id ?? ''] ?? null);

it('tells an edited cell from a removed one, also among those that a run only used', () => {
  expect(drift({ a: 'run()', b: 'def f(): ...' })).toBe('same');
  expect(drift({ a: 'run()', b: 'def f(): pass' })).toBe('edited');
  expect(drift({ a: 'run()' })).toBe('removed');
});
